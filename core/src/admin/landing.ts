import type { Http } from '@atoll/sdk';
import { mark } from '../http/page-look.js';
import { pageHeaders } from '../http/security-headers.js';

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Atoll</title>
<link rel="icon" href="api/docs/mark.svg">
<link rel="stylesheet" href="api/docs/page.css">
</head>
<body>
<main class="page">
<h1>${mark}Atoll</h1>
<p>A host for automation plugins runs here.</p>
<ul class="card ways">
<li><a href="api/docs"><strong>API</strong> <span>The routes of the host and its plugins, to read and to try with a token</span></a></li>
<li><a href="health/ready"><strong>Readiness</strong> <span>Whether every plugin has come to rest, for supervisors</span></a></li>
</ul>
</main>
</body>
</html>
`;

/** `/`: what runs here, for whoever opens the address in a browser. */
export function landingRoutes(http: Http): void {
  http.routes(
    (app) => {
      app.get('/', { schema: { hide: true } }, (_request, reply) => reply.headers(pageHeaders).send(html));
    },
    { auth: 'public' },
  );
}

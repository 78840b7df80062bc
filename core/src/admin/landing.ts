import type { Http } from '@atoll/sdk';
import { pagePolicy } from '../http/security-headers.js';

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Atoll</title>
<link rel="icon" href="api/docs/favicon.png">
</head>
<body>
<h1>Atoll</h1>
<p>A plugin-based automation host runs here.</p>
<ul>
<li><a href="api/docs">The API, to read and to try</a></li>
<li><a href="health/ready">Whether it is ready</a></li>
</ul>
</body>
</html>
`;

/** `/`: what runs here, for whoever opens the address in a browser. */
export function landingRoutes(http: Http): void {
  http.routes(
    (app) => {
      app.get('/', { schema: { hide: true } }, (_request, reply) =>
        reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(html),
      );
    },
    { auth: 'public' },
  );
}

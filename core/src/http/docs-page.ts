import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { RoutesApp } from '@atoll/sdk';
import type { ApiDocument } from './api-document.js';
import { mark, pageCss } from './page-look.js';
import { pageHeaders } from './security-headers.js';

/** Addresses are relative to `/api/docs`, so that the page works below a path prefix too. */
const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Atoll API</title>
<link rel="icon" href="docs/mark.svg">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
<link rel="stylesheet" href="docs/api.css">
</head>
<body>
<main class="page" id="sign-in">
<h1>${mark}Atoll API</h1>
<p>The routes of the host and of the plugins that run, to read and to try.</p>
<form class="card">
<label for="token">API token</label>
<div class="field">
<input id="token" type="password" autocomplete="off" required autofocus>
<button>Show the API</button>
</div>
<output id="problem" for="token"></output>
</form>
<p class="below">It needs the scope <code>read</code>. Make one with <code>atoll token create docs --scope read</code>.</p>
</main>
<div id="api"></div>
<script src="docs/swagger-ui.js"></script>
<script src="docs/page.js"></script>
</body>
</html>
`;

/** What the token and the one server make superfluous is left out, and the rest is fitted to the host's pages. */
const css = `.page .below { margin-top: 16px; }
.swagger-ui .scheme-container, .swagger-ui .authorization__btn { display: none; }
.swagger-ui .info { margin: 32px 0; }
.swagger-ui .wrapper { padding: 0 16px; }
html.dark-mode .swagger-ui { background: none; }
`;

/** The token stays in the page's memory; it is sent with the document's request and with those tried out. */
const script = `const signIn = document.getElementById('sign-in');
const problem = document.getElementById('problem');
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
signIn.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  const authorization = 'Bearer ' + document.getElementById('token').value.trim();
  try {
    const answer = await fetch('openapi.json', { headers: { authorization } });
    const spec = await answer.json();
    if (!answer.ok) throw new Error(spec.detail);
    signIn.hidden = true;
    SwaggerUIBundle({
      spec,
      dom_id: '#api',
      validatorUrl: null,
      requestInterceptor: (request) => {
        request.headers.authorization = authorization;
        return request;
      },
      // The example of a call is made from the request without the token, which is nobody's else to see.
      showMutatedRequest: false,
    });
  } catch (error) {
    problem.textContent = error.message;
  }
});
`;

const own = {
  'page.css': { type: 'text/css; charset=utf-8', content: pageCss },
  'api.css': { type: 'text/css; charset=utf-8', content: css },
  'page.js': { type: 'text/javascript; charset=utf-8', content: script },
  'mark.svg': { type: 'image/svg+xml', content: mark },
} as const;

/** Assets of swagger-ui, served from the installed package: nothing comes from elsewhere. */
const assets = {
  'swagger-ui.js': { file: 'swagger-ui-bundle.js', type: 'text/javascript; charset=utf-8' },
  'swagger-ui.css': { file: 'swagger-ui.css', type: 'text/css; charset=utf-8' },
} as const;

/** `/api/openapi.json` (scope read) and `/api/docs`, a page that asks for a token and shows it. */
export function docsRoutes(document: ApiDocument): (app: RoutesApp) => void {
  return (app) => {
    app.get('/api/openapi.json', { schema: { hide: true } }, () => document.build());
    const open = { config: { auth: 'public' }, schema: { hide: true } } as const;
    app.get('/api/docs', open, (_request, reply) => reply.headers(pageHeaders).send(html));
    for (const [name, { type, content }] of Object.entries(own))
      app.get(`/api/docs/${name}`, open, (_request, reply) => reply.type(type).send(content));
    for (const [name, { file, type }] of Object.entries(assets)) {
      app.get(`/api/docs/${name}`, open, async (_request, reply) =>
        reply
          .type(type)
          .header('cache-control', 'public, max-age=3600')
          .send(await readFile(assetUrl(file))),
      );
    }
  };
}

function assetUrl(file: string): URL {
  const require = createRequire(import.meta.url);
  return new URL(`static/${file}`, `file://${require.resolve('@fastify/swagger-ui')}`);
}

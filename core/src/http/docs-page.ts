import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { RoutesApp } from '@atoll/sdk';
import type { ApiDocument } from './api-document.js';
import { pagePolicy } from './security-headers.js';

/** Addresses are relative to `/api/docs`, so that the page works below a path prefix too. */
const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Atoll API</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
</head>
<body>
<form id="sign-in">
<label>API token <input id="token" type="password" autocomplete="off" required></label>
<button>Show the API</button>
<output id="problem"></output>
</form>
<div id="api"></div>
<script src="docs/swagger-ui.js"></script>
<script src="docs/page.js"></script>
</body>
</html>
`;

const css = `body { margin: 0; font-family: system-ui, sans-serif; }
#sign-in { padding: 1rem; display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; }
#sign-in[hidden] { display: none; }
#problem { color: #a40000; }
`;

/** The token stays in the page's memory; it is sent with the document's request and with those tried out. */
const script = `const form = document.getElementById('sign-in');
const problem = document.getElementById('problem');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  const authorization = 'Bearer ' + document.getElementById('token').value.trim();
  try {
    const answer = await fetch('openapi.json', { headers: { authorization } });
    const spec = await answer.json();
    if (!answer.ok) throw new Error(spec.detail);
    form.hidden = true;
    SwaggerUIBundle({
      spec,
      dom_id: '#api',
      validatorUrl: null,
      requestInterceptor: (request) => {
        request.headers.authorization = authorization;
        return request;
      },
    });
  } catch (error) {
    problem.textContent = error.message;
  }
});
`;

/** Assets of swagger-ui, served from the installed package: nothing comes from elsewhere. */
const assets = {
  'swagger-ui.js': { file: 'swagger-ui-bundle.js', type: 'text/javascript; charset=utf-8' },
  'swagger-ui.css': { file: 'swagger-ui.css', type: 'text/css; charset=utf-8' },
  'favicon.png': { file: 'favicon-32x32.png', type: 'image/png' },
} as const;

/** `/api/openapi.json` (scope read) and `/api/docs`, a page that asks for a token and shows it. */
export function docsRoutes(document: ApiDocument): (app: RoutesApp) => void {
  return (app) => {
    app.get('/api/openapi.json', { schema: { hide: true } }, () => document.build());
    const open = { config: { auth: 'public' }, schema: { hide: true } } as const;
    app.get('/api/docs', open, (_request, reply) =>
      reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(html),
    );
    app.get('/api/docs/page.css', open, (_request, reply) => reply.type('text/css; charset=utf-8').send(css));
    app.get('/api/docs/page.js', open, (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').send(script),
    );
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

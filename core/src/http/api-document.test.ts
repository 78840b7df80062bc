import { z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiDocument } from './api-document.js';
import { HttpWorld } from './http-world.fixture.js';
import type { OpenApiDocument } from './open-api.js';

let world: HttpWorld;
let api: ApiDocument;

beforeEach(() => {
  world = new HttpWorld();
  api = new ApiDocument({ version: '1.2.3', server: '/' }, () => world.door.mounts());
});
afterEach(() => world[Symbol.asyncDispose]());

/** Every `$ref` of the document. */
function references(node: unknown, found: string[] = []): string[] {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    if (key === '$ref') found.push(String(value));
    else references(value, found);
  }
  return found;
}

/** What OpenAPI 3.1 asks of a document's structure. */
function expectValid(document: OpenApiDocument): void {
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  for (const reference of references(document)) {
    const name = /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1];
    expect([reference, name !== undefined && name in document.components.schemas]).toEqual([reference, true]);
  }
  for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[\w.-]+$/);
  const ids = new Set<string>();
  for (const [path, operations] of Object.entries(document.paths)) {
    expect(path).toMatch(/^\//);
    const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    for (const [method, operation] of Object.entries(operations)) {
      expect(['get', 'put', 'post', 'delete', 'patch', 'options', 'head', 'trace']).toContain(method);
      expect(Object.keys(operation.responses ?? {}).length).toBeGreaterThan(0);
      for (const response of Object.values(operation.responses ?? {})) {
        expect(response).toMatchObject({ description: expect.any(String) });
      }
      const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean }[];
      expect(
        parameters
          .filter((one) => one.in === 'path')
          .map(({ name }) => name)
          .sort(),
      ).toEqual(inPath.sort());
      for (const one of parameters.filter((parameter) => parameter.in === 'path'))
        expect(one.required).toBe(true);
      for (const requirement of operation.security ?? []) {
        for (const scheme of Object.keys(requirement))
          expect(document.components.securitySchemes).toHaveProperty(scheme);
      }
      if (operation.operationId !== undefined) {
        expect(ids).not.toContain(operation.operationId);
        ids.add(operation.operationId);
      }
    }
  }
}

describe('the API document', () => {
  it('joins what is mounted, with prefixes, scopes, and names that cannot collide', async () => {
    for (const name of ['one', 'two']) {
      await world.plugin(name, (http) => {
        const song = http.schema(
          'Song',
          z.object({ title: z.string().meta({ description: `Of ${name}.` }), at: z.date() }),
        );
        http.routes((app) => {
          app.get(
            '/songs/:id',
            {
              schema: { operationId: 'song', params: z.object({ id: z.string() }), response: { 200: song } },
            },
            () => ({ title: '', at: new Date() }),
          );
          app.post(
            '/songs',
            { config: { auth: 'admin' }, schema: { body: z.array(song), response: { 204: z.null() } } },
            () => null,
          );
          app.get('/', { config: { auth: 'public' } }, () => '');
          app.get('/hidden', { schema: { hide: true } }, () => '');
        });
      });
    }
    const document = await api.build();
    expectValid(document);
    expect(Object.keys(document.paths).sort()).toEqual(
      ['one', 'two'].flatMap((name) =>
        ['', '/songs', '/songs/{id}'].map((path) => `/api/plugins/${name}${path}`),
      ),
    );
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'Problem',
      'one.Song',
      'one.SongInput',
      'two.Song',
      'two.SongInput',
    ]);
    expect(document.components.schemas['two.Song']).toMatchObject({
      properties: {
        title: { type: 'string', description: 'Of two.' },
        at: { type: 'string', format: 'date-time' },
      },
    });
    expect(document.paths['/api/plugins/one/songs']?.post).toMatchObject({
      'x-atoll-scope': 'admin',
      security: [{ token: [] }],
    });
    expect(document.paths['/api/plugins/one']?.get).toMatchObject({
      'x-atoll-scope': 'public',
      security: [],
    });
    expect(document.paths['/api/plugins/one/songs/{id}']?.get).toMatchObject({
      operationId: 'one.song',
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/one.Song' } } } },
      },
    });
  });

  it('follows what comes and goes', async () => {
    const { mount, unmount } = await world.plugin('one', (http) =>
      http.routes((app) => void app.get('/a', () => '')),
    );
    expect(Object.keys((await api.build()).paths)).toEqual(['/api/plugins/one/a']);
    const dispose = mount.routes((app) => void app.get('/b', () => ''));
    expect(Object.keys((await api.build()).paths)).toEqual(['/api/plugins/one/a', '/api/plugins/one/b']);
    await dispose();
    expect(Object.keys((await api.build()).paths)).toEqual(['/api/plugins/one/a']);
    await unmount();
    expect((await api.build()).paths).toEqual({});
  });

  it('shows recursive schemas by name', async () => {
    await world.plugin('one', (http) => {
      const node: z.ZodType = http.schema('Node', z.object({ next: z.lazy(() => node.optional()) }));
      http.routes((app) => void app.get('/', { schema: { response: { 200: node } } }, () => ({})));
    });
    expectValid(await api.build());
  });
});

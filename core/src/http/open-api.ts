import { z } from '@atoll/sdk';
import { fastify } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { DeclaredRoute } from './build-app.js';
import type { HttpMount } from './http-mount.js';
import { problemSchema } from './problem.js';

/** The parts of an OpenAPI 3.1 document that merging touches. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

interface Operation {
  operationId?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  responses?: Record<string, unknown>;
  [member: string]: unknown;
}

export interface OpenApiOptions {
  version: string;
  /** Where the paths start, below the document's own origin. */
  server: string;
}

/** What one mount contributes: paths below its prefix, and its named schemas. */
export interface MountDocument {
  prefix: string;
  name: string;
  paths: Record<string, Record<string, Operation>>;
  schemas: Record<string, unknown>;
}

const problemName = 'Problem';

/** Joins the documents of all mounts. Component names carry their mount's, so nothing can collide. */
export function mergeDocuments(options: OpenApiOptions, mounts: readonly MountDocument[]): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  const schemas: Record<string, unknown> = { [problemName]: z.toJSONSchema(problemSchema, { io: 'output' }) };
  for (const mount of mounts) {
    Object.assign(schemas, mount.schemas);
    for (const [path, operations] of Object.entries(mount.paths)) {
      paths[path === '/' && mount.prefix !== '' ? mount.prefix : mount.prefix + path] = operations;
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Atoll',
      version: options.version,
      description: 'The admin API and the routes of the plugins that run at this moment.',
    },
    servers: [{ url: options.server.replace(/(?<=.)\/$/, '') }],
    tags: mounts.map(({ name }) => ({ name })),
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

/**
 * Describes a mount. Its routes are declared a second time on an instance made for this, because swagger has to be
 * there before the routes, and loading it costs more than a host should spend at its start.
 */
export async function describeMount(mount: HttpMount, prefix: string): Promise<MountDocument> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = fastify({ exposeHeadRoutes: false });
  const zodOptions = { schemaRegistry: mount.schemas, zodToJsonConfig: { override: describeNode } };
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: mount.name, version: '0' } },
    convertConstToEnum: false,
    transform: createJsonSchemaTransform(zodOptions),
    transformObject: createJsonSchemaTransformObject(zodOptions),
  });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  const routes = mount.declared();
  for (const { method, path, schema } of routes)
    app.route({ method, url: path, schema: schema ?? {}, handler: () => {} });
  try {
    await app.ready();
    const { paths = {}, components } = app.swagger() as Partial<OpenApiDocument>;
    const auths = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const route = auths.get(`${method.toUpperCase()} ${fastifyPath(path)}`);
        finish(operation, mount.name, route);
      }
    }
    return { prefix, name: mount.name, paths, schemas: components?.schemas ?? {} };
  } finally {
    await app.close();
  }
}

/** Adds what every operation has: its tag, who may call it, and the shape of its errors. */
function finish(operation: Operation, name: string, route: DeclaredRoute | undefined): void {
  operation.tags ??= [name];
  if (operation.operationId !== undefined) operation.operationId = `${name}.${operation.operationId}`;
  const auth = route?.auth ?? 'read';
  operation.security = auth === 'public' ? [] : [{ token: [] }];
  operation['x-atoll-scope'] = auth;
  operation.responses = {
    ...operation.responses,
    default: {
      description: 'What went wrong.',
      content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${problemName}` } } },
    },
  };
}

/** `/a/{id}` as Fastify writes it. */
function fastifyPath(path: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, ':$1');
}

interface SchemaNode {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** Carries over titles and descriptions, which zod keeps in its global registry, and dates as they are sent. */
function describeNode({ zodSchema, jsonSchema }: SchemaNode): void {
  const { title, description, examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (title !== undefined) jsonSchema.title ??= title;
  if (description !== undefined) jsonSchema.description ??= description;
  if (Array.isArray(examples)) jsonSchema.examples ??= examples;
  const { type } = zodSchema._zod.def;
  if (type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
  if (type === 'undefined') jsonSchema.type = 'null';
}

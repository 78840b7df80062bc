// Bare Fastify with the same zod validation as the host's plugin route.
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';

const app = Fastify();
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(serializerCompiler);
app.get(
  '/items/:id',
  {
    schema: {
      params: z.object({ id: z.string().max(20) }),
      querystring: z.object({ limit: z.coerce.number().int().min(1).max(100).default(10) }),
      response: { 200: z.object({ id: z.string(), limit: z.number() }) },
    },
  },
  ({ params, query }) => ({ id: params.id, limit: query.limit }),
);
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });

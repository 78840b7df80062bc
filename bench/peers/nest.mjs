// NestJS on its Fastify adapter: one controller route with the same zod validation, input by pipes.
import 'reflect-metadata';
import { Controller, Get, Module, Param, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { z } from 'zod';

function checkedBy(schema) {
  return { transform: (value) => schema.parse(value) };
}

const answer = z.object({ id: z.string(), limit: z.number() });

class Items {
  read(id, limit) {
    return answer.parse({ id, limit });
  }
}
const descriptor = Object.getOwnPropertyDescriptor(Items.prototype, 'read');
Get('items/:id')(Items.prototype, 'read', descriptor);
Param('id', checkedBy(z.string().max(20)))(Items.prototype, 'read', 0);
Query('limit', checkedBy(z.coerce.number().int().min(1).max(100).default(10)))(Items.prototype, 'read', 1);
Controller()(Items);

class App {}
Module({ controllers: [Items] })(App);

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.argv[2]), '127.0.0.1');

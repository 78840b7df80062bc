// NestJS on its Fastify adapter, one controller route.
import 'reflect-metadata';
import { Controller, Get, Module, Param, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class Items {
  read(id, limit) {
    return { id, limit: Number(limit) };
  }
}
const descriptor = Object.getOwnPropertyDescriptor(Items.prototype, 'read');
Get('items/:id')(Items.prototype, 'read', descriptor);
Param('id')(Items.prototype, 'read', 0);
Query('limit')(Items.prototype, 'read', 1);
Controller()(Items);

class App {}
Module({ controllers: [Items] })(App);

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.argv[2]), '127.0.0.1');

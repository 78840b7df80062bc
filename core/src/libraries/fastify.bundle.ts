export { default, errorCodes, fastify, LogController } from 'fastify';

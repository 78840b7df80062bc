// Moleculer with its web gateway, one action.
const { ServiceBroker } = require('moleculer');
const Gateway = require('moleculer-web');

const broker = new ServiceBroker({ logger: false });
broker.createService({
  name: 'items',
  actions: {
    read: {
      params: { id: 'string|max:20', limit: 'number|convert|min:1|max:100' },
      handler: ({ params }) => ({ id: params.id, limit: params.limit }),
    },
  },
});
broker.createService({
  name: 'gateway',
  mixins: [Gateway.default ?? Gateway],
  settings: {
    port: Number(process.argv[2]),
    ip: '127.0.0.1',
    routes: [{ path: '/', aliases: { 'GET /items/:id': 'items.read' } }],
  },
});
broker.start();

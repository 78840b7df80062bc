import { definePlugin, injectable } from '@atoll/sdk';

class Clockwork {}

/** Its parameter has a type and no `@inject`; a built package does not know the type any more. */
@injectable()
class Machine {
  constructor(readonly clockwork: Clockwork) {}
}

export default definePlugin({
  id: 'implicit-injection',
  name: 'Implicit injection',
  setup(ctx) {
    ctx.container.resolve(Machine);
  },
});

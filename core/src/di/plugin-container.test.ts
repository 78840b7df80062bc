import { createToken, inject, injectable, LOGGER, type Logger } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { createPluginContainer } from './plugin-container.js';

const logger = { info() {} } as unknown as Logger;
const URL_TOKEN = createToken<string>('test.url');

@injectable()
class Client {
  constructor(
    @inject(LOGGER) readonly logger: Logger,
    @inject(URL_TOKEN) readonly url: string,
  ) {}
}

@injectable()
class Service {
  constructor(@inject(Client) readonly client: Client) {}
}

class Undecorated {
  constructor(readonly logger: Logger) {}
}

const container = () => createPluginContainer('music', [[LOGGER, logger]]);

describe('createPluginContainer', () => {
  it('builds classes whose every parameter names its token', () => {
    const own = container();
    own.registerInstance(URL_TOKEN, 'http://music');
    expect(own.resolve(Service).client).toMatchObject({ url: 'http://music' });
    expect(own.resolve(Service).client.logger).toBe(logger);
  });

  it('hands out the very instance it was given', () => {
    expect(container().resolve(LOGGER)).toBe(logger);
  });

  it('builds a singleton once in each container', () => {
    const [one, two] = [container(), container()];
    for (const own of [one, two]) {
      own.registerInstance(URL_TOKEN, 'http://music');
      own.registerSingleton(Client, Client);
    }
    expect(one.resolve(Client)).toBe(one.resolve(Client));
    expect(one.resolve(Client)).not.toBe(two.resolve(Client));
  });

  it('keeps what one plugin registers from the others', () => {
    const [one, two] = [container(), container()];
    one.registerInstance(URL_TOKEN, 'http://music');
    expect(two.isRegistered(URL_TOKEN)).toBe(false);
  });

  it('names plugin, class, token and cure when a token is missing', () => {
    expect(() => container().resolve(Client)).toThrow(/music: cannot build Client.*test\.url/s);
  });

  it('says what a class without decorators needs', () => {
    expect(() => container().resolve(Undecorated)).toThrow(
      expect.objectContaining({
        code: 'dependency_missing',
        hint: expect.stringContaining('@inject(TOKEN)'),
      }),
    );
  });

  it('lets the errors of a constructor through as they are', () => {
    @injectable()
    class Broken {
      constructor() {
        throw new RangeError('own fault');
      }
    }
    expect(() => container().resolve(Broken)).toThrow(RangeError);
  });
});

import { defineEvent, isAtollError, z } from '@atoll/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { LogCapture } from '../logging/log-capture.js';
import { createLogging } from '../logging/logging.js';
import { currentScope, type ExecutionScope, enterScope } from '../scope/execution-scope.js';
import { EventBus } from './event-bus.js';
import { EventCapture } from './event-capture.js';
import { maxWaiting } from './subscription.js';

const scanned = defineEvent(
  'arr.library.scanned',
  z.object({ songs: z.number().default(0), by: z.string().optional() }),
);
const started = defineEvent('atoll.host.started', z.object({}));

let clock: FakeClock;
let log: LogCapture;
let bus: EventBus;

beforeEach(() => {
  clock = new FakeClock();
  log = new LogCapture();
  const logging = createLogging({ level: 'info', format: 'json', clock, stdout: { write: () => true } });
  logging.subscribe(log.listener);
  bus = new EventBus({ clock, logger: logging.logger });
});

describe('emit', () => {
  it('hands the checked payload to every listener, with id, source and time', async () => {
    const seen: unknown[] = [];
    bus.forPlugin('octogen').on(scanned, (event) => void seen.push(event));
    bus.host.on(scanned, (event) => void seen.push(event.payload.songs));
    bus.forPlugin('arr').emit(scanned, {});
    await bus.settled();
    expect(seen).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: scanned.name,
        source: 'arr',
        at: clock.now(),
        payload: { songs: 0 },
      },
      0,
    ]);
  });

  it('does not wait for listeners', () => {
    let heard = false;
    bus.host.on(started, () => {
      heard = true;
    });
    bus.host.emit(started, {});
    expect(heard).toBe(false);
  });

  it('gives ids that sort in the order of the events, also when the clock is set back', async () => {
    const capture = new EventCapture();
    bus.observe(capture.observer);
    for (let n = 0; n < 50; n++) bus.host.emit(started, {});
    clock.set(clock.now() - 60_000);
    for (let n = 0; n < 50; n++) bus.host.emit(started, {});
    const ids = capture.captured('atoll.host.started').map(({ id }) => id);
    expect(ids).toHaveLength(100);
    expect([...ids].sort()).toEqual(ids);
  });

  it("refuses a payload that the schema does, naming the field, and another's event", () => {
    const arr = bus.forPlugin('arr');
    const wrong = JSON.parse('{"songs":"many"}') as { songs: number };
    expect(() => arr.emit(scanned, wrong)).toThrow(/"arr\.library\.scanned".*songs: /);
    expect(() => bus.forPlugin('octogen').emit(scanned, {})).toThrow(/octogen may emit/);
    expect(() => arr.emit(started, {})).toThrow(/arr may emit/);
    try {
      arr.emit(started, {});
    } catch (error) {
      expect(isAtollError(error, 'bad_request') && error.plugin).toBe('arr');
    }
  });

  it('refuses what cannot be copied', () => {
    const odd = defineEvent('arr.odd', z.object({ fn: z.any() }));
    bus.observe(new EventCapture().observer);
    expect(() => bus.forPlugin('arr').emit(odd, { fn: () => 1 })).toThrow(/cannot be copied/);
  });

  it('freezes a copy of the payload', async () => {
    const nested = defineEvent('arr.nested', z.object({ list: z.any() }));
    const mine = { list: [{ a: 1 }] };
    const capture = new EventCapture();
    bus.observe(capture.observer);
    bus.forPlugin('arr').emit(nested, mine);
    const payload = capture.captured()[0]?.payload as typeof mine;
    expect(() => payload.list.push({ a: 2 })).toThrow(TypeError);
    mine.list.push({ a: 2 });
    expect(payload.list).toHaveLength(1);
    capture.clear();
    expect(capture.captured()).toEqual([]);
  });
});

describe('listeners', () => {
  it('that throw or reject are logged with their plugin and disturb no one', async () => {
    let heard = 0;
    const octogen = bus.forPlugin('octogen');
    octogen.on(scanned, () => {
      throw new Error('broken');
    });
    octogen.on(scanned, () => Promise.reject(new Error('rejected')));
    bus.forPlugin('karaoke').on(scanned, () => void heard++);
    bus.forPlugin('arr').emit(scanned, {});
    bus.forPlugin('arr').emit(scanned, {});
    await bus.settled();
    expect(heard).toBe(2);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(4);
    for (const line of errors) expect(line).toMatchObject({ plugin: 'octogen', event: scanned.name });
  });

  it('run in the scope of their plugin, joined to what caused the event', async () => {
    const seen: ExecutionScope[] = [];
    bus.forPlugin('octogen').on(scanned, () => void seen.push(currentScope()));
    enterScope({ plugin: 'arr', job: 'arr/scan', run: 'r1' }, () => bus.forPlugin('arr').emit(scanned, {}));
    enterScope({ plugin: 'arr', requestId: 'q1' }, () => bus.forPlugin('arr').emit(scanned, {}));
    bus.forPlugin('arr').emit(scanned, {});
    await bus.settled();
    expect(seen).toMatchObject([
      { plugin: 'octogen', correlationId: 'r1' },
      { plugin: 'octogen', correlationId: 'q1' },
      { plugin: 'octogen' },
    ]);
    expect(seen.map(({ run, requestId }) => run ?? requestId)).toEqual([undefined, undefined, undefined]);
    expect(seen[2]?.correlationId).toBeUndefined();
  });

  it('get their events one at a time, in order', async () => {
    const heard: number[] = [];
    let under = 0;
    bus.host.on(scanned, async ({ payload }) => {
      expect(++under).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      heard.push(payload.songs);
      under--;
    });
    for (let songs = 0; songs < 5; songs++) bus.forPlugin('arr').emit(scanned, { songs });
    await bus.settled();
    expect(heard).toEqual([0, 1, 2, 3, 4]);
  });

  it('may emit in turn without end and leave the event loop to others', async () => {
    const arr = bus.forPlugin('arr');
    let rounds = 0;
    arr.on(scanned, () => {
      rounds++;
      arr.emit(scanned, {});
    });
    arr.emit(scanned, {});
    await clock.advance(1);
    expect(rounds).toBeGreaterThan(0);
    arr.dispose();
    await bus.settled();
  });

  it('that hang lose events beyond a bound, said once, and hold nobody else up', async () => {
    let release: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    let slow = 0;
    let heard = 0;
    bus.forPlugin('octogen').on(scanned, async () => {
      slow++;
      if (first) await hung;
      first = false;
    });
    bus.host.on(scanned, () => void heard++);
    const arr = bus.forPlugin('arr');
    arr.emit(scanned, {});
    await clock.advance(1);
    for (let n = 0; n < maxWaiting; n++) {
      arr.emit(scanned, {});
      if (n % 100 === 0) await clock.advance(1);
    }
    arr.emit(scanned, {});
    arr.emit(scanned, {});
    release();
    await bus.settled();
    expect(slow).toBe(1 + maxWaiting);
    expect(heard).toBeGreaterThanOrEqual(maxWaiting);
    expect(log.lines.filter((line) => line.plugin === 'octogen').map(({ message }) => message)).toEqual([
      expect.stringContaining('too slow'),
      'a listener missed 2 events',
    ]);
  });

  it('hear nothing more once disposed of, not even what waits', async () => {
    let heard = 0;
    const octogen = bus.forPlugin('octogen');
    const dispose = octogen.on(scanned, () => void heard++);
    octogen.on(started, () => void heard++);
    expect(octogen.subscriptions()).toEqual(['arr.library.scanned', 'atoll.host.started']);
    bus.forPlugin('arr').emit(scanned, {});
    await dispose();
    await dispose();
    expect(octogen.subscriptions()).toEqual(['atoll.host.started']);
    bus.host.emit(started, {});
    octogen.dispose();
    await bus.settled();
    expect(heard).toBe(0);
    expect(octogen.subscriptions()).toEqual([]);
  });

  it('all end with the bus', async () => {
    let heard = 0;
    bus.host.on(started, () => void heard++);
    bus.observe(() => void heard++);
    bus.dispose();
    bus.host.emit(started, {});
    await bus.settled();
    expect(heard).toBe(0);
  });
});

describe('observers', () => {
  it('see every event at once, until they stop', async () => {
    const capture = new EventCapture();
    const stop = bus.observe(capture.observer);
    bus.forPlugin('arr').emit(scanned, { songs: 3 });
    expect(capture.captured('arr.library.scanned')).toMatchObject([{ source: 'arr', payload: { songs: 3 } }]);
    await stop();
    bus.host.emit(started, {});
    expect(capture.captured()).toHaveLength(1);
  });
});

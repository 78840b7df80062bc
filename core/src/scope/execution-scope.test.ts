import { describe, expect, it } from 'vitest';
import { currentScope, enterScope, leaveScope } from './execution-scope.js';

describe('enterScope', () => {
  it('is empty outside of any scope and again after one', () => {
    expect(currentScope()).toEqual({});
    enterScope({ plugin: 'arr' }, () => undefined);
    expect(currentScope()).toEqual({});
  });

  it('extends the surrounding scope and returns what the function returns', () => {
    const seen = enterScope({ plugin: 'arr' }, () =>
      enterScope({ job: 'arr/scan', run: 'r1' }, () => currentScope()),
    );
    expect(seen).toMatchObject({ plugin: 'arr', job: 'arr/scan', run: 'r1', correlationId: 'r1' });
  });

  it('follows promises and timers', async () => {
    const seen = await enterScope({ plugin: 'arr', requestId: 'q1' }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return new Promise((resolve) => setTimeout(() => resolve(currentScope()), 0));
    });
    expect(seen).toMatchObject({ plugin: 'arr', requestId: 'q1', correlationId: 'q1' });
  });

  it("keeps the correlation but not the job when another plugin's code runs", () => {
    const seen = enterScope({ plugin: 'octogen', job: 'octogen/generate', run: 'r1' }, () =>
      enterScope({ plugin: 'arr' }, () => currentScope()),
    );
    expect(seen.plugin).toBe('arr');
    expect(seen.job).toBeUndefined();
    expect(seen.run).toBeUndefined();
    expect(seen.correlationId).toBe('r1');
  });

  it('begins anew for a run that a request or another run set off', () => {
    const inRequest = enterScope({ plugin: 'arr', requestId: 'q1' }, () =>
      enterScope({ plugin: 'arr', job: 'arr/scan', run: 'r1' }, () => currentScope()),
    );
    expect(inRequest).toMatchObject({ run: 'r1', correlationId: 'r1' });
    expect(inRequest.requestId).toBeUndefined();
    const inRun = enterScope({ plugin: 'arr', job: 'arr/a', run: 'r1' }, () =>
      enterScope({ plugin: 'arr', job: 'arr/b', run: 'r2' }, () => currentScope()),
    );
    expect(inRun).toMatchObject({ job: 'arr/b', run: 'r2', correlationId: 'r2' });
  });

  it('takes a correlation id that is given', () => {
    const seen = enterScope({ requestId: 'q1', correlationId: 'theirs' }, () =>
      enterScope({ plugin: 'arr' }, () => currentScope()),
    );
    expect(seen).toMatchObject({ requestId: 'q1', correlationId: 'theirs', plugin: 'arr' });
  });

  it('can be left, for what serves everyone', () => {
    expect(enterScope({ plugin: 'arr' }, () => leaveScope(() => currentScope()))).toEqual({});
  });

  it('passes errors through', () => {
    expect(() =>
      enterScope({ plugin: 'arr' }, () => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
  });
});

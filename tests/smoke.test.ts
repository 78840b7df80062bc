import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AtollFolder } from './support/atoll-folder.ts';
import { repository } from './support/repository.ts';
it('smoke', async () => {
  await using f = new AtollFolder();
  const h = await f.start({ plugins: [join(repository, 'tests/plugins/probe')] });
  console.log(h.stdout.join('\n'));
  console.log((await h.request('/api/plugins/probe/echo/hi')).body);
  const id = await h.accept('probe/quick', { times: 3 });
  console.log(await h.runIn('finished', id));
  console.log(await h.stop(), h.stdout.join('\n'), h.stderr.join('\n'));
});

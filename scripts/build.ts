// Builds every package in the order of what it needs: types first (they also check), then JavaScript, then schemas.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  workspaces: string[];
};

run('tsc', ['-b'], root);
for (const workspace of workspaces) {
  removeOrphans(join(root, workspace));
  run('npm', ['run', 'build', '--silent'], join(root, workspace));
}

/** Deletes what was built from a source that is gone, so that nothing imports it by mistake. */
function removeOrphans(workspace: string): void {
  const dist = join(workspace, 'dist');
  if (!existsSync(dist)) return;
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = path.match(/^(.*)\.(?:js|js\.map|d\.ts)$/)?.[1];
    if (source !== undefined && !existsSync(join(workspace, 'src', `${source}.ts`))) rmSync(join(dist, path));
  }
}

function run(command: string, args: string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

#!/usr/bin/env node
// Nothing newer than the oldest Node that somebody may start this with: it has to get as far as the message.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(
    `atoll: Node.js 24 or newer is needed, and this is ${process.versions.node} (${process.execPath})\n` +
      '  hint: install Node.js 24, or run a copy that brings its own, for example with npm start\n',
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import('node:module');
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  // A folder of the user's own: in the shared temporary one, others could put code in its place.
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'atoll', 'compile'));
  const { useBundledLibraries } = await import('../dist/libraries/use-bundled-libraries.js');
  useBundledLibraries();
  const { main } = await import('../dist/cli/main.js');
  process.exit(await main(process.argv.slice(2)));
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
/** One home for all starts, as a user has: what a program caches there at its first start helps the next ones. */
const home = mkdtempSync(join(tmpdir(), 'atoll-bench-home-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

/** A server under measurement, in a process of its own. */
export interface ServerKind {
  name: string;
  /** Path that answers 200 when it is up, and the one to load. */
  probe: string;
  path: string;
  headers: Record<string, string>;
  command(port: number, folder: string): { args: string[]; env?: Record<string, string> };
}

const token = `atoll_${'b'.repeat(43)}`;

function peer(name: string, file: string): ServerKind {
  const path = '/items/7?limit=5';
  return {
    name,
    probe: path,
    path,
    headers: {},
    command: (port) => ({ args: [join(here, 'peers', file), String(port)] }),
  };
}

const atollEnv = (port: number, folder: string) => ({
  ATOLL_PORT: String(port),
  ATOLL_DATA_DIR: folder,
  ATOLL_ADMIN_TOKEN: token,
});

export const atoll: ServerKind = {
  name: 'Atoll',
  probe: '/health/ready',
  path: '/api/plugins/items/items/7?limit=5',
  headers: { authorization: `Bearer ${token}` },
  command: (port, folder) => ({
    args: [join(here, '../core/bin/atoll.js'), 'start', '--plugin', join(here, 'plugin')],
    env: atollEnv(port, folder),
  }),
};

/** As a user starts it: every shipped plugin on its defaults. */
export const atollShipped: ServerKind = {
  ...atoll,
  command: (port, folder) => ({
    args: [join(here, '../core/bin/atoll.js'), 'start'],
    env: atollEnv(port, folder),
  }),
};

export const fastify = peer('bare Fastify', 'fastify.js');
export const nest = peer('NestJS on Fastify', 'nest.mjs');
export const moleculer = peer('Moleculer-web', 'moleculer.cjs');

export const nodeRed: ServerKind = {
  name: 'Node-RED',
  probe: '/items/7',
  path: '/items/7?limit=5',
  headers: {},
  command: (port, folder) => {
    cpSync(join(here, 'peers/node-red-flows.json'), join(folder, 'flows.json'));
    return nodeRedCommand(port, folder);
  },
};

/** Node-RED as it is after an installation, without any flow. */
export const nodeRedEmpty: ServerKind = { ...nodeRed, probe: '/', command: nodeRedCommand };

function nodeRedCommand(port: number, folder: string) {
  const settings = join(here, 'peers/node-red-settings.cjs');
  return {
    args: [join(here, 'node_modules/node-red/red.js'), '-u', folder, '-s', settings],
    env: { PORT: String(port) },
  };
}

/** A started server; disposing ends its process and removes its folder. */
export interface RunningServer extends AsyncDisposable {
  url: string;
  /** Milliseconds from spawn to the first 200. */
  startMs: number;
  /** Resident memory in MiB. */
  memory(): number;
}

export async function startServer(kind: ServerKind): Promise<RunningServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'atoll-bench-'));
  const { args, env } = kind.command(port, folder);
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await firstAnswer(`${url}${kind.probe}`, child);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${kind.name} did not start`, { cause: error });
  }
  return {
    url: `${url}${kind.path}`,
    startMs: performance.now() - started,
    memory: () => residentMemory(child.pid!),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(force);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function firstAnswer(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 6_000; attempt++) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${url} never answered 200`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function residentMemory(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kilobytes.trim()) / 1024;
}

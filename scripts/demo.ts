// `npm run demo`: octogen's main job against a real music server, from the first connection to a second run that
// changes nothing. Everything it starts and writes is its own and is gone at its end. With --exit, or without a
// terminal, it ends by itself; otherwise the host stays until Ctrl+C.
import { once } from 'node:events';
import { styleText } from 'node:util';
import { missingPrograms } from '../tests/peers/missing-programs.ts';
import { supysonicPrograms } from '../tests/peers/supysonic.ts';
import { DemoWorld } from './demo/demo-world.ts';

interface ExplainedList {
  name: string;
  about: string;
  songs: { title: string; artist: string; reason: { text: string; score: number } }[];
}

const stays = !process.argv.includes('--exit') && process.stdin.isTTY === true;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second one does not wait; what was started ends with this process.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!interrupted.signal.aborted) console.error(error instanceof Error ? error.message : error);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

async function main(): Promise<number> {
  const missing = missingPrograms(...supysonicPrograms, 'ffmpeg');
  if (missing !== null) {
    console.error(`The demo runs a music server of its own, which this machine cannot: ${missing}`);
    return 1;
  }
  say('Making music for a music server …');
  await using world = await DemoWorld.create(interrupted.signal);
  const { server, songs, listener } = world;

  title('A music server, as somebody has used it before');
  say(`supysonic at ${server.url} has ${songs} songs.`);
  say(`Its user ${server.username} has rated ${listener.rated} of them, starred ${listener.starred},`);
  say(
    `played ${listener.played}, and made a playlist "${listener.ownList.name}" of ${listener.ownList.songs} songs.`,
  );

  title('Atoll starts in a new folder');
  for (const [name, text] of Object.entries(world.settings)) {
    say(`${world.folder}/${name}`);
    for (const line of text.trim().split('\n')) say(`    ${line}`);
  }
  say('');
  command('start');
  const host = await world.startHost();
  for (const line of host.stdout) say(line);

  title('Does the connection work?');
  await atoll(world, 'plugins', 'check', 'octogen');

  title('What a run would do; nothing is changed');
  await atoll(world, 'octogen', 'generate', '--dry-run');
  await showPlaylists(world);

  title('A run');
  await atoll(world, 'octogen', 'generate');
  await showPlaylists(world);

  title('Why is a song on a list?');
  say('    GET /api/plugins/octogen/playlists/Daily Mix 1');
  const explained = await host.call<ExplainedList>('/api/plugins/octogen/playlists/Daily%20Mix%201');
  say(`${explained.name}: ${explained.about}`);
  for (const song of explained.songs.slice(0, 5)) {
    say(`    ${song.title} · ${song.artist}`);
    say(`        ${song.reason.text}`);
  }

  title('A second run changes nothing, as nothing has changed in the library');
  await atoll(world, 'octogen', 'generate');

  title('What the user had is as it was');
  const own = await world.api.songs(listener.ownList.id);
  say(
    `"${listener.ownList.name}" still holds its ${own.length} songs, and octogen's own list has another name.`,
  );
  const { title: song, artist } = listener.disliked;
  const lists = await listsWith(world, song, artist);
  const where = lists === 0 ? 'no list' : `${lists} lists`;
  say(`"${song}" by ${artist}, which they rated with one star, is on ${where}.`);

  if (stays) {
    title('The host goes on running');
    say(`API, to read and to try   ${host.url}/api/docs`);
    say(`Token for it              ${host.token}`);
    say('In another terminal, in this folder:');
    say(`    export ATOLL_URL=${host.url} ATOLL_TOKEN=${host.token}`);
    say('    npx atoll jobs history');
    say('Ctrl+C ends everything and removes it.');
    if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort');
    say('\nEnding …');
  }
  return 0;
}

/** Runs a command of `atoll` in full view, and fails when it does. */
async function atoll(world: DemoWorld, ...args: string[]): Promise<void> {
  command(...args);
  const code = await world.atoll(...args);
  interrupted.signal.throwIfAborted();
  if (code !== 0) throw new Error(`atoll ${args.join(' ')} ended with ${code}`);
}

async function showPlaylists({ api, server }: DemoWorld): Promise<void> {
  say(`\nPlaylists on the music server at ${server.url}:`);
  for (const { id, name } of await api.playlists()) {
    const held = await api.songs(id);
    const some = held.slice(0, 2).map(({ title, artist }) => `${title} · ${artist}`);
    say(`    ${name.padEnd(20)} ${String(held.length).padStart(2)} songs   ${some.join(', ')}, …`);
  }
}

/** How many of octogen's lists hold a song. */
async function listsWith({ api, listener }: DemoWorld, title: string, artist: string): Promise<number> {
  let lists = 0;
  for (const { id } of await api.playlists()) {
    if (id === listener.ownList.id) continue;
    const held = await api.songs(id);
    if (held.some((song) => song.title === title && song.artist === artist)) lists += 1;
  }
  return lists;
}

function title(text: string): void {
  interrupted.signal.throwIfAborted();
  say(`\n${styleText('bold', text)}\n`);
}

function command(...args: string[]): void {
  say(styleText('cyan', `$ atoll ${args.join(' ')}`));
}

function say(text: string): void {
  console.log(text);
}

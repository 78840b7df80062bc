import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A question as it arrived. */
export interface AskedQuestion {
  authorization: string | undefined;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    temperature?: number;
    max_tokens?: number;
    response_format?: { type: string };
  };
}

/**
 * How the coming question is answered:
 * - a text: as the message's content
 * - `well`: with numbers of the question for every list it names
 * - `prose`: with kind words; `nothing`: with an empty message; `half`: with a good answer that breaks off
 * - `foreign`: with numbers that stand for nothing; `many`: with far more songs than were asked for
 * - `refuse`: HTTP 400 that names a field, as long as the question has it; then well
 * - `limit`: HTTP 429 with `Retry-After`; `status`: any other; `key`: HTTP 401
 * - `stall`: not at all; `reset`: by closing the connection
 */
export type Behaviour =
  | 'well'
  | 'prose'
  | 'nothing'
  | 'half'
  | 'foreign'
  | 'many'
  | 'key'
  | 'stall'
  | 'reset'
  | { text: string }
  | { refuse: string }
  | { limit: number }
  | { status: number };

/** An OpenAI-compatible service in memory: it reads the question, and answers as it is told to. */
export class FakeOpenAi implements AsyncDisposable {
  /** Every question that came in. */
  readonly questions: AskedQuestion[] = [];
  /** One for each coming question; the last one stays. */
  behaviours: Behaviour[] = ['well'];
  readonly #held = new Set<ServerResponse>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<FakeOpenAi> {
    const fake = new FakeOpenAi();
    await new Promise<void>((resolve, reject) => {
      fake.#server.once('error', reject);
      fake.#server.listen(0, '127.0.0.1', resolve);
    });
    return fake;
  }

  /** The base URL to configure. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Numbers that a good answer would choose, by list, from a question's text. */
  static choose(question: string): Record<string, number[]> {
    const songs = [...question.matchAll(/^(\d+) \| /gm)].map((match) => Number(match[1]));
    const lists = [...question.matchAll(/^- ("[^"\n]+"): (\d+) songs/gm)];
    let at = 0;
    return Object.fromEntries(
      lists.map((match) => {
        const size = Number(match[2]);
        const numbers = songs.slice(at, at + size);
        at += size;
        return [JSON.parse(match[1] ?? '""') as string, numbers];
      }),
    );
  }

  async stop(): Promise<void> {
    for (const response of this.#held) response.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      send(response, problem(404, 'there is nothing here'));
      return;
    }
    const body = JSON.parse(await readBody(request)) as AskedQuestion['body'];
    this.questions.push({ authorization: request.headers.authorization, body });
    const behaviour = (this.behaviours.length > 1 ? this.behaviours.shift() : this.behaviours[0]) ?? 'well';
    if (behaviour === 'reset') response.destroy();
    else if (behaviour === 'stall') this.#held.add(response);
    else send(response, replyTo(behaviour, body));
  }
}

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

function replyTo(behaviour: Exclude<Behaviour, 'reset' | 'stall'>, body: AskedQuestion['body']): Reply {
  const question = body.messages.map((message) => message.content).join('\n');
  const good = JSON.stringify({
    lists: FakeOpenAi.choose(question),
    new: [{ artist: 'Nobody Yet', title: 'Unheard Of' }],
  });
  if (typeof behaviour === 'object') {
    if ('text' in behaviour) return complete(behaviour.text);
    if ('limit' in behaviour) {
      return { ...problem(429, 'you ask too often'), headers: { 'retry-after': String(behaviour.limit) } };
    }
    if ('status' in behaviour) return problem(behaviour.status, 'out of order');
    const refused = behaviour.refuse in body;
    return refused
      ? problem(400, `the field ${behaviour.refuse} is not supported by this model`)
      : complete(good);
  }
  switch (behaviour) {
    case 'well':
      return complete(good);
    case 'prose':
      return complete('What a lovely library! I would listen to all of it, in the evening.');
    case 'nothing':
      return complete('');
    case 'half':
      return complete(good.slice(0, good.length / 2), 'length');
    case 'foreign':
      return complete(JSON.stringify({ lists: { Discovery: [100_000, -1, 0] } }));
    case 'many':
      return complete(many(question));
    case 'key':
      return problem(401, 'incorrect API key provided');
  }
}

/** Every song of the question, for the first list. */
function many(question: string): string {
  const chosen = FakeOpenAi.choose(question);
  const songs = [...question.matchAll(/^(\d+) \| /gm)].map((match) => Number(match[1]));
  return JSON.stringify({ lists: { [Object.keys(chosen)[0] ?? '']: songs } });
}

function complete(content: string, reason = 'stop'): Reply {
  return {
    status: 200,
    body: {
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: reason }],
      usage: { total_tokens: 1234 },
    },
  };
}

function problem(status: number, message: string): Reply {
  return { status, body: { error: { message, type: 'invalid_request_error' } } };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}

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
      return problem(response, 404, 'there is nothing here');
    }
    const body = JSON.parse(await readBody(request)) as AskedQuestion['body'];
    this.questions.push({ authorization: request.headers.authorization, body });
    const behaviour = (this.behaviours.length > 1 ? this.behaviours.shift() : this.behaviours[0]) ?? 'well';
    this.#answer(behaviour, body, response);
  }

  #answer(behaviour: Behaviour, body: AskedQuestion['body'], response: ServerResponse): void {
    const question = body.messages.map((message) => message.content).join('\n');
    const good = JSON.stringify({
      lists: FakeOpenAi.choose(question),
      new: [{ artist: 'Nobody Yet', title: 'Unheard Of' }],
    });
    if (typeof behaviour === 'object') {
      if ('text' in behaviour) return complete(response, behaviour.text);
      if ('limit' in behaviour) {
        response.setHeader('retry-after', String(behaviour.limit));
        return problem(response, 429, 'you ask too often');
      }
      if ('status' in behaviour) return problem(response, behaviour.status, 'out of order');
      return behaviour.refuse in body
        ? problem(response, 400, `the field ${behaviour.refuse} is not supported by this model`)
        : complete(response, good);
    }
    switch (behaviour) {
      case 'well':
        return complete(response, good);
      case 'prose':
        return complete(response, 'What a lovely library! I would listen to all of it, in the evening.');
      case 'nothing':
        return complete(response, '');
      case 'half':
        return complete(response, good.slice(0, good.length / 2), 'length');
      case 'foreign':
        return complete(response, JSON.stringify({ lists: { Discovery: [100_000, -1, 0] } }));
      case 'many':
        return complete(response, many(question));
      case 'key':
        return problem(response, 401, 'incorrect API key provided');
      case 'stall':
        return void this.#held.add(response);
      case 'reset':
        return void response.destroy();
    }
  }
}

/** Every song of the question, for the first list. */
function many(question: string): string {
  const chosen = FakeOpenAi.choose(question);
  const songs = [...question.matchAll(/^(\d+) \| /gm)].map((match) => Number(match[1]));
  return JSON.stringify({ lists: { [Object.keys(chosen)[0] ?? '']: songs } });
}

function complete(response: ServerResponse, content: string, reason = 'stop'): void {
  send(response, 200, {
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: reason }],
    usage: { total_tokens: 1234 },
  });
}

function problem(response: ServerResponse, status: number, message: string): void {
  send(response, status, { error: { message, type: 'invalid_request_error' } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}

import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** The body is larger than the cap. */
export class BodyTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
  }
}

/** The body cannot be decompressed. */
export class BodyDamaged extends Error {}

type Step = (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** Stacked encodings are legal, and a way to make a small body work hard. */
const maxEncodings = 2;

/**
 * Reads a body to its end, decompressed.
 *
 * @param encoding the `content-encoding` header
 * @param maxBytes cap of the decompressed size; what is read beyond it is at most one chunk
 */
export async function readBody(
  stream: Readable,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  const steps = decoders(encoding, stream);
  await pipeline(stream, async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of steps.reduce((input, step) => step(input), source)) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new BodyTooLarge(maxBytes);
      chunks.push(chunk);
    }
  });
  return Buffer.concat(chunks, size);
}

/** Gives up a body without reading it. An undici body that is destroyed reports that as an error, to whoever listens. */
export function dropBody(stream: Readable): void {
  stream.on('error', () => {}).destroy();
}

function decoders(header: string | undefined, stream: Readable): Step[] {
  const encodings = (header ?? '')
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  if (encodings.length > maxEncodings) {
    dropBody(stream);
    throw new BodyDamaged(`it is compressed ${encodings.length} times over`);
  }
  // The last one named was applied last.
  return encodings.reverse().map((encoding) => (source) => decode(encoding, source));
}

async function* decode(encoding: string, source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const input = source[Symbol.asyncIterator]();
  const first = await input.next();
  // An answer without a body, to a HEAD or with status 204, may name an encoding all the same.
  if (first.done) return;
  const decoder = decoderFor(encoding, first.value);
  const whole = async function* (): AsyncIterable<Buffer> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => input };
  };
  let cut: unknown;
  const fed = pipeline(Readable.from(whole()), decoder).catch((error: unknown) => {
    cut = error;
  });
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
  } catch (error) {
    await fed;
    throw isZlibError(error)
      ? new BodyDamaged(`it is not valid ${encoding}`, { cause: error })
      : (cut ?? error);
  } finally {
    decoder.destroy();
  }
}

function decoderFor(encoding: string, first: Buffer): Duplex {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      // Meant is the zlib format, but some servers send the bare stream; zlib's first byte names method 8.
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
    default:
      throw new BodyDamaged(`its compression "${encoding.slice(0, 20)}" is not one we asked for`);
  }
}

function isZlibError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(Z_|ERR__?ERROR_|ERR_PADDING|ERR_BROTLI)/.test(String(error.code))
  );
}

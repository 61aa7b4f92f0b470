import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { crc32, zstdDecompress } from 'node:zlib';
import { BODY_SUM_HEADER } from '../../sync/protocol/body-sum.ts';

/** What comes back; only read as JSON. */
export type Answer = Pick<Response, 'ok' | 'status' | 'headers' | 'json'>;

export interface Asked {
  /** POST where nothing else is said; a GET has no body. */
  method?: 'GET';
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array<ArrayBuffer>;
  timeoutMs: number;
  hangUp: AbortSignal | null;
}

/** No answer of a centre is larger once unpacked: a page of rows has a few megabytes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Below the time after which the centre closes a line that nobody uses. */
const IDLE_MS = 60_000;

// The core's only requests of this kind go to the centre: a line stays open from one exchange to the next.
const keeping = { keepAlive: true, timeout: IDLE_MS };
http.globalAgent = new http.Agent(keeping);
https.globalAgent = new https.Agent(keeping);
const unpack = promisify(zstdDecompress);

function ask(url: URL, { method, headers, body, ...wait }: Asked): Promise<IncomingMessage> {
  const late = AbortSignal.timeout(wait.timeoutMs);
  const signal = wait.hangUp === null ? late : AbortSignal.any([wait.hangUp, late]);
  const { request: open } = url.protocol === 'https:' ? https : http;
  const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = {
    method: method ?? 'POST',
    headers: { ...headers, ...length, 'accept-encoding': 'zstd' },
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = open(url, options, resolve);
    request.on('error', reject);
    request.end(method === 'GET' ? undefined : body);
  });
}

/** @throws {Error} when it is longer than any answer of a centre; no more of it is read then. */
async function readWhole(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let byteCount = 0;
  // Cast: without an encoding set, a message of HTTP comes in buffers.
  for await (const part of answer as AsyncIterable<Buffer>) {
    byteCount += part.length;
    if (byteCount > ANSWER_BYTES_MAX) throw new Error('the answer is longer than any of a centre');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * Requests as the till sends them: nothing in the headers that the centre does not read, because a till that has
 * nothing to say says so every few seconds. Redirects are answers like any other.
 */
export const httpLine = {
  /** Rejects when no whole answer comes in time. */
  send: async (url: URL, asked: Asked): Promise<Answer> => {
    const answer = await ask(url, asked);
    const packed = await readWhole(answer);
    const sum = answer.headers[BODY_SUM_HEADER];
    if (sum !== undefined && sum !== crc32(packed).toString(16))
      throw new Error('the answer was spoilt on its way');
    const isPacked = answer.headers['content-encoding'] === 'zstd';
    const bytes = isPacked ? await unpack(packed, { maxOutputLength: ANSWER_BYTES_MAX }) : packed;
    const status = answer.statusCode ?? 0;
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
    return {
      ...{ ok: status >= 200 && status < 300, status, headers },
      json: async () => JSON.parse(bytes.toString('utf8')) as unknown,
    };
  },
};

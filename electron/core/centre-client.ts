import { zstdCompressSync } from 'node:zlib';
import type { z } from 'zod';
import {
  CentreError,
  EnrolCodeReply,
  EnrolReply,
  ExchangeReply,
  type EnrolCodeRequest,
  type EnrolRequest,
  type ExchangeRequest,
} from '../../sync/protocol/exchange.ts';

/** A page of rows over a slow line takes a while; a centre that says nothing for so long is away. */
export const CENTRE_TIMEOUT_MS = 30_000;
/** Below this a compressed body costs more than it saves. */
const COMPRESS_FROM_CHARS = 2_048;

/**
 * Why an exchange brought nothing. `unreachable`: no answer, or too late; `busy`: it asks to come back later;
 * `nonsense`: an answer that is not the protocol's; `refused`: the centre's own code. In each case ops wait
 * in the outbox.
 */
export class CentreFault extends Error {
  override readonly name = 'CentreFault';
  readonly kind: 'unreachable' | 'busy' | 'nonsense' | 'refused';
  readonly code: string;
  constructor(
    what: Readonly<{ kind: CentreFault['kind']; code: string }>,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.kind = what.kind;
    this.code = what.code;
  }
}

const unreachable = (cause: unknown): CentreFault =>
  new CentreFault({ kind: 'unreachable', code: 'unreachable' }, 'The centre can not be reached.', { cause });

async function readAnswer(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    // Anything but a parser's complaint: the line broke, or the time was over, in the middle of an answer.
    if (!(cause instanceof SyntaxError)) throw unreachable(cause);
    const what = { kind: 'nonsense', code: 'nonsense' } as const;
    throw new CentreFault(what, 'The centre answered something that is not JSON.', { cause });
  }
}

interface Asking {
  url: URL;
  token: string | null;
  timeoutMs: number;
  hangUp: AbortSignal | null;
  body: unknown;
}

async function post({ url, token, timeoutMs, hangUp, body }: Asking): Promise<Response> {
  const text = JSON.stringify(body);
  const isLarge = text.length >= COMPRESS_FROM_CHARS;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  if (isLarge) headers['content-encoding'] = 'zstd';
  try {
    return await fetch(url, {
      method: 'POST',
      headers,
      body: isLarge ? new Uint8Array(zstdCompressSync(text)) : text,
      redirect: 'error',
      signal:
        hangUp === null
          ? AbortSignal.timeout(timeoutMs)
          : AbortSignal.any([hangUp, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (cause) {
    throw unreachable(cause);
  }
}

async function ask<Schema extends z.ZodType>(asking: Asking, schema: Schema): Promise<z.output<Schema>> {
  const response = await post(asking);
  const answer = await readAnswer(response);
  if (!response.ok) {
    const error = CentreError.safeParse(answer);
    if (!error.success)
      throw new CentreFault(
        { kind: 'nonsense', code: `http_${response.status}` },
        'Something else answers at the address of the centre.',
      );
    const { code, message } = error.data;
    throw new CentreFault({ kind: code === 'busy' || code === 'bug' ? 'busy' : 'refused', code }, message);
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success)
    throw new CentreFault(
      { kind: 'nonsense', code: 'nonsense' },
      'The centre answered in a form this till does not know.',
    );
  return parsed.data;
}

export interface Centre {
  serverUrl: string;
  /** Null before enrolment. */
  token?: string | null;
  timeoutMs?: number;
  /** Ends a call that is under way: the till closes. */
  hangUp?: AbortSignal;
}

/** The central CRM over HTTP. Every method throws `CentreFault`, and only that, when it brings no answer. */
export function createCentreClient(centre: Centre) {
  const { serverUrl, token = null, timeoutMs = CENTRE_TIMEOUT_MS, hangUp = null } = centre;
  const to = (path: string, body: unknown): Asking => ({
    url: new URL(serverUrl.replace(/\/+$/, '') + path),
    token,
    timeoutMs,
    hangUp,
    body,
  });
  return {
    exchange: (body: ExchangeRequest) => ask(to('/v1/exchange', body), ExchangeReply),
    enrol: (body: EnrolRequest) => ask(to('/v1/enrol', body), EnrolReply),
    /** A manager asks for a one-time code for a new till. */
    enrolCode: (body: EnrolCodeRequest) => ask(to('/v1/enrol-codes', body), EnrolCodeReply),
  };
}
export type CentreClient = ReturnType<typeof createCentreClient>;

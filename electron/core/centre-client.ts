import { zstdCompressSync } from 'node:zlib';
import type { z } from 'zod';
import {
  CentreError,
  EnrolReply,
  ExchangeReply,
  type EnrolRequest,
  type ExchangeRequest,
} from '../../sync/protocol/exchange.ts';

/** A page of rows over a slow line takes a while; a centre that says nothing for so long is away. */
export const CENTRE_TIMEOUT_MS = 30_000;
/** Below this a compressed body costs more than it saves. */
const COMPRESS_FROM_CHARS = 2_048;

/**
 * Why an exchange brought nothing. `unreachable`: no answer, or too late; `busy`: it asks to come back later; `nonsense`:
 * an answer that is not the protocol's; `refused`: the centre's own code. In each case ops wait in the outbox.
 */
export class CentreFault extends Error {
  override readonly name = 'CentreFault';
  readonly kind: 'unreachable' | 'busy' | 'nonsense' | 'refused';
  readonly code: string;
  constructor(kind: CentreFault['kind'], code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new CentreFault('nonsense', 'nonsense', 'The centre answered something that is not JSON.', {
      cause,
    });
  }
}

async function post(url: URL, body: string, token: string | null, timeoutMs: number): Promise<Response> {
  const isLarge = body.length >= COMPRESS_FROM_CHARS;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  if (isLarge) headers['content-encoding'] = 'zstd';
  try {
    return await fetch(url, {
      method: 'POST',
      headers,
      body: isLarge ? new Uint8Array(zstdCompressSync(body)) : body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw new CentreFault('unreachable', 'unreachable', 'The centre can not be reached.', { cause });
  }
}

async function ask<Schema extends z.ZodType>(
  request: { url: URL; token: string | null; timeoutMs: number; body: unknown },
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await post(request.url, JSON.stringify(request.body), request.token, request.timeoutMs);
  const answer = await readAnswer(response);
  if (!response.ok) {
    const error = CentreError.safeParse(answer);
    if (!error.success)
      throw new CentreFault(
        'nonsense',
        `http_${response.status}`,
        'Something else answers at the address of the centre.',
      );
    const { code, message } = error.data;
    throw new CentreFault(code === 'busy' || code === 'bug' ? 'busy' : 'refused', code, message);
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success)
    throw new CentreFault('nonsense', 'nonsense', 'The centre answered in a form this till does not know.');
  return parsed.data;
}

/** The central CRM over HTTP. Every method throws `CentreFault`, and only that, when it brings no answer. */
export function createCentreClient(serverUrl: string, token: string | null, timeoutMs = CENTRE_TIMEOUT_MS) {
  const at = (path: string): URL => new URL(path, serverUrl);
  return {
    exchange: (body: ExchangeRequest) =>
      ask({ url: at('/v1/exchange'), token, timeoutMs, body }, ExchangeReply),
    enrol: (body: EnrolRequest) => ask({ url: at('/v1/enrol'), token: null, timeoutMs, body }, EnrolReply),
  };
}
export type CentreClient = ReturnType<typeof createCentreClient>;

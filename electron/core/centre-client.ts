import {
  HoldsReply,
  TillLostReply,
  type HoldsRequest,
  type TillLostRequest,
} from '../../sync/protocol/holds.ts';
import { zstdCompressSync } from 'node:zlib';
import type { z } from 'zod';
import {
  CentreError,
  EnrolCodeReply,
  EnrolReply,
  ExchangeReply,
  IncarnationReply,
  StraysReply,
  type EnrolCodeRequest,
  type EnrolRequest,
  type ExchangeRequest,
  type IncarnationRequest,
  type StraysRequest,
} from '../../sync/protocol/exchange.ts';
import { CloseReply, type SentClose } from '../../sync/close/receipt.ts';
import { FindReply, type FindRequest } from '../../sync/protocol/find.ts';
import {
  ExportsReply,
  ConsentsReply,
  HeldView,
  InboxAnswerReply,
  InboxCountReply,
  InboxReply,
  type InboxAnswerRequest,
  type InboxQuery,
} from '../../sync/protocol/inbox.ts';
import {
  MessagesReply,
  RehearseReply,
  SendsReply,
  type RehearseRequest,
} from '../../sync/protocol/messages.ts';
import { INCARNATION_HEADER, SIGNATURE_HEADER, signedLine } from '../../sync/protocol/signature.ts';
import { ErasuresReply } from '../../sync/protocol/erasures.ts';
import { LogReply } from '../../sync/protocol/log.ts';
import { ShopTillsReply } from '../../sync/protocol/shop-tills.ts';
import { SpillReply, type SpillImportRequest, type SpillRequest } from '../../sync/protocol/spill.ts';
import type { VersionRange } from '../../sync/protocol/versions.ts';
import { nodeSigning } from './crypto.ts';
import { httpLine, type Answer, type Asked } from './http-line.ts';

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
  /** How long the centre asks to be left alone; null when it said nothing. */
  readonly retryAfterMs: number | null;
  /** Versions that the centre understands, where it did not understand this one. */
  readonly protocols: VersionRange | null;
  constructor(
    what: Readonly<{
      kind: CentreFault['kind'];
      code: string;
      retryAfterMs?: number | null;
      protocols?: readonly [number, number] | undefined;
    }>,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.kind = what.kind;
    this.code = what.code;
    this.retryAfterMs = what.retryAfterMs ?? null;
    const [oldest, newest] = what.protocols ?? [];
    this.protocols = oldest === undefined || newest === undefined ? null : { oldest, newest };
  }

  /** Whatever is asked now fails too: no line, or a centre that asks to be left alone. Others are of one question. */
  get isForAll(): boolean {
    return this.kind === 'unreachable' || this.code === 'busy';
  }
}

const unreachable = (cause: unknown): CentreFault =>
  new CentreFault({ kind: 'unreachable', code: 'unreachable' }, 'The centre can not be reached.', { cause });

async function readAnswer(response: Pick<Answer, 'json'>): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    // Anything but a parser's complaint: the line broke, or the time was over, in the middle of an answer.
    if (!(cause instanceof SyntaxError)) throw unreachable(cause);
    const what = { kind: 'nonsense', code: 'nonsense' } as const;
    throw new CentreFault(what, 'The centre answered something that is not JSON.', { cause });
  }
}

/** A request on its way, and whatever comes back. Rejects when nothing does in time. */
export type Send = (url: URL, request: Asked) => Promise<Answer>;

interface Asking {
  url: URL;
  send: Send;
  token: string | null;
  incarnation: number | null;
  secretKey: string | null;
  timeoutMs: number;
  hangUp: AbortSignal | null;
  /** Undefined: something is only read. */
  body?: unknown;
}

/** Who asks. Bodies of the protocol say their incarnation themselves, which saves bytes where they count. */
function askerHeaders({ token, incarnation, body }: Asking): Record<string, string> {
  if (token === null) return {};
  const isSaid = typeof body === 'object' && body !== null && 'protocol' in body;
  return {
    authorization: `Bearer ${token}`,
    ...(incarnation !== null && !isSaid && { [INCARNATION_HEADER]: String(incarnation) }),
  };
}

/** What only reads: the till's secret is enough. */
async function get(asking: Asking): Promise<Answer> {
  const { url, send, timeoutMs, hangUp } = asking;
  try {
    return await send(url, { method: 'GET', headers: askerHeaders(asking), body: '', timeoutMs, hangUp });
  } catch (cause) {
    throw unreachable(cause);
  }
}

async function post(asking: Asking): Promise<Answer> {
  const { url, send, secretKey, timeoutMs, hangUp, body } = asking;
  const text = JSON.stringify(body);
  const isLarge = text.length >= COMPRESS_FROM_CHARS;
  const headers: Record<string, string> = { 'content-type': 'application/json', ...askerHeaders(asking) };
  if (secretKey !== null) {
    const line = signedLine({ method: 'POST', path: url.pathname + url.search });
    headers[SIGNATURE_HEADER] = nodeSigning.sign(secretKey, line + text);
  }
  if (isLarge) headers['content-encoding'] = 'zstd';
  try {
    const packed = isLarge ? new Uint8Array(zstdCompressSync(text)) : text;
    return await send(url, { headers, body: packed, timeoutMs, hangUp });
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** A wait that a broken clock or a joker asks for is no reason to stay away for days. */
const RETRY_AFTER_MAX_S = 3_600;

/** For how long the centre asks to be left alone; null when it says nothing. */
export function retryAfterMs(response: Pick<Answer, 'headers'>): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return seconds >= 0 ? Math.min(seconds, RETRY_AFTER_MAX_S) * 1_000 : null;
}

async function ask<Schema extends z.ZodType>(asking: Asking, schema: Schema): Promise<z.output<Schema>> {
  const response = await (asking.body === undefined ? get(asking) : post(asking));
  const answer = await readAnswer(response);
  if (!response.ok) {
    const error = CentreError.safeParse(answer);
    if (!error.success)
      throw new CentreFault(
        { kind: 'nonsense', code: `http_${response.status}` },
        'Something else answers at the address of the centre.',
      );
    const { code, message, protocols } = error.data;
    const kind = code === 'busy' || code === 'bug' ? 'busy' : 'refused';
    throw new CentreFault({ kind, code, retryAfterMs: retryAfterMs(response), protocols }, message);
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
  /** Which incarnation of the till asks; null before enrolment. */
  incarnation?: number | null;
  /** The till's Ed25519 seed: with it, every request is signed. */
  secretKey?: string | null;
  timeoutMs?: number;
  /** Ends a call that is under way: the till closes. */
  hangUp?: AbortSignal;
  /** Over HTTP where nothing else is said. */
  send?: Send;
}

/** The central CRM over HTTP. Every method throws `CentreFault`, and only that, when it brings no answer. */
export function createCentreClient(centre: Centre) {
  const { serverUrl, token = null, incarnation = null, secretKey = null } = centre;
  const { timeoutMs = CENTRE_TIMEOUT_MS, hangUp = null } = centre;
  const { send = (url, asked) => httpLine.send(url, asked) } = centre;
  const to = (path: string, body?: unknown): Asking => ({
    url: new URL(serverUrl.replace(/\/+$/, '') + path),
    send,
    token,
    incarnation,
    secretKey,
    timeoutMs,
    hangUp,
    body,
  });
  return {
    exchange: (body: ExchangeRequest) => ask(to('/v1/exchange', body), ExchangeReply),
    /** A till whose file lost its tail asks for its next incarnation. */
    begin: (body: IncarnationRequest) => ask(to('/v1/incarnations', body), IncarnationReply),
    /** Ops of an incarnation that was given up. */
    strays: (body: StraysRequest) => ask(to('/v1/strays', body), StraysReply),
    /** Parts of balances set aside for this till. */
    holds: (body: HoldsRequest) => ask(to('/v1/holds', body), HoldsReply),
    /** Records of a spill file, sealed for the centre. */
    spills: (body: SpillRequest) => ask(to('/v1/spills', body), SpillReply),
    /** Messages to members, and what became of each. */
    exports: (asked: { actorId: string }) =>
      ask(to(`/v1/exports?${new URLSearchParams(asked).toString()}`), ExportsReply),
    messages: (asked: { actorId: string }) =>
      ask(to(`/v1/messages?${new URLSearchParams(asked).toString()}`), MessagesReply),
    sends: (opId: string, asked: { actorId: string }) =>
      ask(
        to(`/v1/messages/${encodeURIComponent(opId)}?${new URLSearchParams(asked).toString()}`),
        SendsReply,
      ),
    rehearse: (body: RehearseRequest) => ask(to('/v1/messages/rehearse', body), RehearseReply),
    /** What a manager has to decide, and an op that is held. */
    inbox: (asked: Omit<InboxQuery, 'id'> | InboxQuery) =>
      ask(to(`/v1/inbox?${new URLSearchParams(asked).toString()}`), InboxReply),
    inboxCount: (actorId: string) =>
      ask(to(`/v1/inbox/count?${new URLSearchParams({ actorId }).toString()}`), InboxCountReply),
    held: (seq: number, actorId: string) =>
      ask(to(`/v1/held/${seq}?${new URLSearchParams({ actorId }).toString()}`), HeldView),
    /** The ledger of a member's consents. */
    consents: (memberId: string) => ask(to(`/v1/members/${memberId}/consents`), ConsentsReply),
    /** What she decided; with her PIN, which the centre checks itself. */
    answer: (id: string, body: z.input<typeof InboxAnswerRequest>) =>
      ask(to(`/v1/inbox/${encodeURIComponent(id)}/answer`, body), InboxAnswerReply),
    erasures: (actorId: string) =>
      ask(to(`/v1/erasures?${new URLSearchParams({ actorId }).toString()}`), ErasuresReply),
    /** Who did what on a day. */
    log: (asked: Record<string, string>) =>
      ask(to(`/v1/log?${new URLSearchParams(asked).toString()}`), LogReply),
    /** How far the centre is with each till of a shop, and what of a day waits. */
    shopTills: (storeId: string, asked: { actorId: string; day: string; tills: string }) =>
      ask(
        to(`/v1/stores/${encodeURIComponent(storeId)}/tills?${new URLSearchParams(asked).toString()}`),
        ShopTillsReply,
      ),
    /** The certificate of a closed day, to be compared with the ledger. */
    closes: (body: SentClose) => ask(to('/v1/closes', body), CloseReply),
    /** Somebody whom this till's copy does not hold. */
    find: (body: FindRequest) => ask(to('/v1/members/find', body), FindReply),
    enrol: (body: EnrolRequest) => ask(to('/v1/enrol', body), EnrolReply),
    /** A manager's word that a till, by its id or name, is lost or only to be freed. */
    tillLost: (till: string, body: TillLostRequest) =>
      ask(to(`/v1/tills/${encodeURIComponent(till)}/lost`, body), TillLostReply),
    /** A manager brings a part of a lost till's spill file. */
    importSpill: (body: SpillImportRequest) => ask(to('/v1/spill-imports', body), SpillReply),
    /** A manager asks for a one-time code for a new till. */
    enrolCode: (body: EnrolCodeRequest) => ask(to('/v1/enrol-codes', body), EnrolCodeReply),
  };
}
export type CentreClient = ReturnType<typeof createCentreClient>;

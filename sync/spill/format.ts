import { crc32c } from './crc32c.ts';

/**
 * The spill file, version 1; `README.md` beside this has the table. Frames, little endian: length of the
 * payload, CRC-32C over length and payload, payload. Zeros (room made beforehand) end it.
 */
const FRAME_HEAD_BYTES = 8;
const PAYLOAD_BYTES_MAX = 1024 * 1024;
const MAGIC = 'CFSPILL1';
const SESSION = 1;
const OP = 2;
const RECORD_HEAD_BYTES = 13;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;
/** Kind, magic, incarnation, salt, ephemeral key, the centre's key, length of the till's name. */
const SESSION_HEAD_BYTES = 1 + MAGIC.length + 4 + 16 + 32 + 32 + 1;
const NAME_BYTES_MAX = 40;

/** Said before what is hashed or signed, so that nothing made for another purpose fits. */
export const SPILL_CONTEXT = 'counterfoil spill 1\n';

/** Who wrote, and how what follows is sealed. Bytes as they lie in the file. */
export interface SpillSession {
  tillId: string;
  incarnation: number;
  /** 16 bytes, never used twice: the ephemeral pair and the key are drawn with it. */
  salt: Uint8Array;
  /** X25519 public halves: this session's, and the centre's that it was sealed for. */
  ephemeralKey: Uint8Array;
  sealKey: Uint8Array;
}

/** One op. `sealed`: ciphertext and 16 bytes of tag. */
export interface SpillRecord {
  tseq: number;
  /** 1, 2, 3 … within the session: no nonce comes twice. */
  counter: number;
  sealed: Uint8Array;
  /** Authenticated with it: the record's head. */
  aad: Uint8Array;
  /** The whole frame, to be copied as it is. */
  frame: Uint8Array;
}

export interface ReadSession extends SpillSession {
  /** What the till's Ed25519 key signed, and the signature. */
  signed: Uint8Array;
  signature: Uint8Array;
  frame: Uint8Array;
  records: SpillRecord[];
}

/** Names of tills and the words of this format are ASCII. */
const toBytes = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const toText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function setUint48(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint16(at + 4, Math.floor(value / 2 ** 32), true);
}
const getUint48 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint16(at + 4, true) * 2 ** 32;

function toFrame(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEAD_BYTES + payload.length);
  const view = viewOf(frame);
  view.setUint32(0, payload.length, true);
  view.setUint32(4, crc32c(frame.subarray(0, 4), payload), true);
  frame.set(payload, FRAME_HEAD_BYTES);
  return frame;
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** What a session's signature is over, before the signature is known. */
function sessionBytes(session: SpillSession): Uint8Array {
  const name = toBytes(session.tillId);
  const head = new Uint8Array(SESSION_HEAD_BYTES);
  const view = viewOf(head);
  head[0] = SESSION;
  head.set(toBytes(MAGIC), 1);
  view.setUint32(9, session.incarnation, true);
  head.set(session.salt, 13);
  head.set(session.ephemeralKey, 29);
  head.set(session.sealKey, 61);
  head[93] = name.length;
  return join(head, name);
}

/** @param sign Ed25519 by the till's key, 64 bytes: a spill can not be made up by whoever finds one. */
export function packSession(session: SpillSession, sign: (message: Uint8Array) => Uint8Array): Uint8Array {
  const bytes = sessionBytes(session);
  return toFrame(join(bytes, sign(join(toBytes(SPILL_CONTEXT), bytes))));
}

/** HKDF's info: binds the key to till, incarnation and both public keys. */
export const keyInfo = (session: SpillSession): Uint8Array =>
  join(toBytes(SPILL_CONTEXT), sessionBytes(session));

/** AES-GCM's nonce, 96 bits. */
export function nonceOf(counter: number): Uint8Array {
  const nonce = new Uint8Array(12);
  setUint48(viewOf(nonce), 6, counter);
  return nonce;
}

/** What is authenticated with an op's ciphertext. */
export function recordHead({ tseq, counter }: Pick<SpillRecord, 'tseq' | 'counter'>): Uint8Array {
  const head = new Uint8Array(RECORD_HEAD_BYTES);
  head[0] = OP;
  setUint48(viewOf(head), 1, counter);
  setUint48(viewOf(head), 7, tseq);
  return head;
}

export const packRecord = (head: Uint8Array, sealed: Uint8Array): Uint8Array => toFrame(join(head, sealed));

function readSession(payload: Uint8Array, frame: Uint8Array): ReadSession | null {
  const nameLength = payload[93] ?? 0;
  const signedLength = SESSION_HEAD_BYTES + nameLength;
  const isWhole = nameLength >= 1 && nameLength <= NAME_BYTES_MAX;
  if (!isWhole || payload.length !== signedLength + SIGNATURE_BYTES) return null;
  if (toText(payload.subarray(1, 9)) !== MAGIC) return null;
  return {
    tillId: toText(payload.subarray(SESSION_HEAD_BYTES, signedLength)),
    incarnation: viewOf(payload).getUint32(9, true),
    salt: payload.slice(13, 29),
    ephemeralKey: payload.slice(29, 61),
    sealKey: payload.slice(61, 93),
    signed: join(toBytes(SPILL_CONTEXT), payload.subarray(0, signedLength)),
    signature: payload.slice(signedLength),
    frame,
    records: [],
  };
}

function readRecord(payload: Uint8Array, frame: Uint8Array): SpillRecord | null {
  if (payload[0] !== OP || payload.length < RECORD_HEAD_BYTES + TAG_BYTES) return null;
  const view = viewOf(payload);
  return {
    counter: getUint48(view, 1),
    tseq: getUint48(view, 7),
    aad: payload.slice(0, RECORD_HEAD_BYTES),
    sealed: payload.slice(RECORD_HEAD_BYTES),
    frame,
  };
}

/** The payload of the frame at `at`; null when there is none that is whole. */
function frameAt(bytes: Uint8Array, at: number): Uint8Array | null {
  if (bytes.length < at + FRAME_HEAD_BYTES) return null;
  const view = viewOf(bytes);
  const length = view.getUint32(at, true);
  const start = at + FRAME_HEAD_BYTES;
  if (length === 0 || length > PAYLOAD_BYTES_MAX || start + length > bytes.length) return null;
  const payload = bytes.subarray(start, start + length);
  return crc32c(bytes.subarray(at, at + 4), payload) === view.getUint32(at + 4, true) ? payload : null;
}

/**
 * Everything up to the first frame that is not whole: behind that nothing is believed. Never throws, whatever
 * the bytes are.
 *
 * @returns `end`: where the next frame belongs.
 */
export function readSpill(bytes: Uint8Array): { sessions: ReadSession[]; end: number } {
  const sessions: ReadSession[] = [];
  let end = 0;
  for (;;) {
    const payload = frameAt(bytes, end);
    if (payload === null) break;
    const frame = bytes.slice(end, end + FRAME_HEAD_BYTES + payload.length);
    if (payload[0] === SESSION) {
      const session = readSession(payload, frame);
      if (session === null) break;
      sessions.push(session);
    } else {
      const record = readRecord(payload, frame);
      const session = sessions.at(-1);
      if (record === null || session === undefined) break;
      session.records.push(record);
    }
    end += frame.length;
  }
  return { sessions, end };
}

export interface Found {
  session: ReadSession;
  record: SpillRecord;
}

/**
 * The records of one till's incarnation in the order of their numbers. The later of two under one number
 * counts: the act of the earlier one was taken back.
 */
export function recordsOf(
  sessions: readonly ReadSession[],
  { tillId, incarnation }: Pick<SpillSession, 'tillId' | 'incarnation'>,
): Found[] {
  const found = new Map<number, Found>();
  for (const session of sessions) {
    if (session.tillId !== tillId || session.incarnation !== incarnation) continue;
    for (const record of session.records) found.set(record.tseq, { session, record });
  }
  return [...found.values()].sort((one, other) => one.record.tseq - other.record.tseq);
}

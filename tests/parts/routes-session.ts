import { nodeCrypto, nodeSigning } from '../../crm/node-crypto.ts';
import { beginSession, sealRecord } from '../../db/spill/seal.ts';
import { certificateText, type CloseCertificate } from '../../sync/close/certificate.ts';
import { hashRange } from '../../sync/close/ranges.ts';
import type { StaffId, StoreId } from '../../sync/base/ids.ts';
import { PROTOCOL_VERSION, type EnrolReply } from '../../sync/protocol/exchange.ts';
import { packSession } from '../../sync/spill/format.ts';
import { MANAGER_PIN, type TestCentre } from '../unit/crm/test-centre.ts';
import { readHeaders, TestTill, type CardRef, type Post } from '../unit/crm/test-till.ts';
import { SECRET_KEY, TILL, TOKEN } from './same-centre.ts';
import { replay, type Step } from './sessions.ts';
import { spillOwner } from './spill.ts';

interface Playing {
  open: TestCentre;
  enrolled: EnrolReply;
  /** Sends and records. */
  post: Post;
  steps: Step[];
}

const isText = (bytes: Buffer): boolean => Buffer.from(bytes.toString('utf8')).equals(bytes);

async function get({ open, steps }: Playing, path: string): Promise<Buffer> {
  const asked = { method: 'GET' as const, path, headers: readHeaders(TOKEN), request: '' };
  const { statusCode, rawPayload } = await replay(open, { ...asked, status: 0, reply: '' });
  const reply = isText(rawPayload)
    ? { reply: rawPayload.toString() }
    : { reply: rawPayload.toString('base64'), isBinary: true as const };
  steps.push({ ...asked, status: statusCode, ...reply });
  return rawPayload;
}

function certificateOf(till: TestTill): CloseCertificate {
  const last = till.ops.length;
  return {
    ...{ version: 1, tillId: TILL, incarnation: 1, storeId: till.storeId as StoreId },
    ...{ businessDay: till.ops[0]?.businessDay ?? '', closedAtMs: 1, actorId: 'staff-1' as StaffId },
    ranges: [hashRange({ fromTseq: 1, toTseq: last }, (tseq) => till.hashAt(tseq), nodeCrypto)],
    opCount: last,
    lines: [
      { kind: 'member.created', count: 1, units: 0 },
      { kind: 'stamp.added', count: 1, units: 5 },
    ],
    chainHead: { tseq: last, hash: till.hashAt(last) },
    ...{ outstanding: 0, heldCount: 0, held: [] },
  };
}

/** A record that is sealed for another centre: this one says so, and does nothing. */
function foreignSpill(): string {
  const owner = spillOwner('5c'.repeat(32));
  const { session, key } = beginSession(owner, new Uint8Array(16));
  const frame = packSession(session, (message) => Buffer.from(owner.sign(message), 'hex'));
  return Buffer.concat([frame, sealRecord(key, { tseq: 1, counter: 1 }, '{}')]).toString('base64');
}

/** What a till asks besides exchanging, about itself. */
async function playOwn({ post }: Playing, till: TestTill, { accountId }: CardRef): Promise<void> {
  const head = { protocol: PROTOCOL_VERSION, tillId: TILL, incarnation: 1 };
  const hold = { ...head, lastTseq: till.ops.length, letGo: [] };
  await till.sendTo('/v1/holds', { ...hold, reserve: null, want: [accountId] });
  const opId = '019a0000-0000-7000-8000-00000000000a';
  await till.sendTo('/v1/holds', { ...hold, reserve: { opId, accountId, units: 1 }, want: [] });
  await till.sendTo('/v1/holds', { ...hold, letGo: [opId], reserve: null, want: [] });
  const keys = { cardNumber: null, phone: '+6591234567', email: null, lookupId: null };
  await till.sendTo('/v1/members/find', { ...head, cursor: till.cursor, keys });
  const certificate = certificateOf(till);
  const signature = nodeSigning.sign(SECRET_KEY, certificateText(certificate));
  await till.sendTo('/v1/closes', { ...head, certificate, signature, ranges: certificate.ranges });
  await till.sendTo('/v1/spills', { ...head, spill: foreignSpill() });
  await post('/v1/spill-imports', { login: 'manager', pin: MANAGER_PIN, spill: foreignSpill() });
}

/** What a till fetches. */
async function playFeed(playing: Playing): Promise<void> {
  const wanted = await get(playing, '/v1/feed/manifest?snapshot=wanted');
  const text = wanted.toString();
  const segment = /segmentId[^0-9]+(\d+)/.exec(text)?.[1] ?? '1';
  const snapshot = /snapshotId[^0-9]+(\d+)/.exec(text)?.[1] ?? '1';
  for (const path of [
    '/v1/feed/manifest',
    `/v1/feed/segments/${segment}/rows`,
    `/v1/feed/segments/${segment}/balances`,
    `/v1/feed/snapshots/${snapshot}/0`,
    '/v1/feed/segments/999999/rows',
    '/v1/feed/documents',
    '/v1/feed/entries?after=0&until=1000',
    '/v1/digests?seq=0',
    '/v1/digests/rows?table=members&buckets=0,1',
    '/v1/wake?after=0',
  ])
    await get(playing, path);
}

/** What a manager sees and decides at a till. */
async function playDesk(playing: Playing, till: TestTill, ref: CardRef): Promise<void> {
  const actor = 'actorId=staff-1';
  const held = till.ops.length + 1;
  for (const path of [
    `/v1/inbox?${actor}&state=open`,
    `/v1/inbox/count?${actor}`,
    `/v1/held/${held}?${actor}`,
    `/v1/erasures?${actor}`,
    `/v1/exports?${actor}`,
    `/v1/messages?${actor}`,
    `/v1/members/${ref.memberId}/consents`,
  ])
    await get(playing, path);
  const answer = { login: 'manager', pin: MANAGER_PIN, reason: 'recorded', answer: { action: 'keep' } };
  await till.sendTo('/v1/inbox/nothing/answer', answer);
}

/** Every route that a till asks, each once at least, with what its centre refuses. */
export async function playRoutes(playing: Playing): Promise<void> {
  const { post, enrolled } = playing;
  const till = new TestTill(post, enrolled, SECRET_KEY);
  await till.exchange({ epoch: '' });
  const ref = till.makeMember({ mobile: '+6591234567' });
  till.stamp(ref, 5);
  await till.sync();
  await playOwn(playing, till, ref);
  await playFeed(playing);
  await playDesk(playing, till, ref);
  const lost = { login: 'manager', pin: MANAGER_PIN, isLost: true };
  await post(`/v1/tills/${TILL}/lost`, lost);
  await till.send();
  await get(playing, '/v1/wake?after=0');
}

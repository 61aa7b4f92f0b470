import { beforeEach, expect, test } from 'vitest';
import { nodeCrypto, nodeSigning } from '../../../crm/node-crypto.ts';
import { certificateText, type CloseCertificate } from '../../../sync/close/certificate.ts';
import { hashRange } from '../../../sync/close/ranges.ts';
import { CloseReply, receiptText } from '../../../sync/close/receipt.ts';
import { PROTOCOL_VERSION } from '../../../sync/protocol/exchange.ts';
import { centreForAll } from './centre-for-all.ts';
import { firstCertificate, signedClose } from './first-close.ts';
import { codeOf, TestTill } from './test-till.ts';

const open = centreForAll();
const { post } = open;
let till: TestTill;
beforeEach(async () => {
  till = await TestTill.enrol(post);
  till.stamp(till.makeMember(), 3);
  await till.sync();
});

const certificate = (changes: Partial<CloseCertificate> = {}): CloseCertificate =>
  firstCertificate(till, till.ops.length, changes);
const request = (signed: CloseCertificate, changes: object = {}) => ({
  protocol: PROTOCOL_VERSION,
  tillId: till.enrolled.tillId,
  incarnation: till.incarnation,
  ...signedClose(till, signed),
  ...changes,
});
const send = (body: object) => till.sendTo('/v1/closes', body);
const countCloses = async (): Promise<number> => {
  const { rows } = await open.centre.database.sql.query('select certificate_hash from closes');
  return rows.length;
};

test('a receipt names its certificate and is signed by the centre', async () => {
  const signed = certificate();
  const reply = CloseReply.parse((await send(request(signed))).body);
  if (reply.state !== 'proof') throw new Error('no verdict');
  expect(reply.receipt).toMatchObject({ verdict: 'equal', opCount: 2, differences: [] });
  expect(reply.receipt.certificateHash).toBe(nodeCrypto.sha256Hex(certificateText(signed)));
  const { signKey } = till.enrolled.centreKeys;
  expect(nodeSigning.isSigned(signKey, receiptText(reply.receipt), reply.signature)).toBe(true);
  const forged = { ...reply.receipt, opCount: 3 };
  expect(nodeSigning.isSigned(signKey, receiptText(forged), reply.signature)).toBe(false);
});

test('sums that the till made up do not pass, though every op is the same', async () => {
  const wrong = certificate({ lines: [{ kind: 'stamp.added', count: 2, units: 30 }] });
  const reply = CloseReply.parse((await send(request(wrong))).body);
  expect(reply).toMatchObject({ state: 'proof', receipt: { verdict: 'differs', differences: [] } });
});

test('ops of the day that the till does not name are named by the centre', async () => {
  const short = certificate({
    ranges: [hashRange({ fromTseq: 1, toTseq: 1 }, (tseq) => till.hashAt(tseq), nodeCrypto)],
    opCount: 1,
    lines: [{ kind: 'member.created', count: 1, units: 0 }],
    chainHead: { tseq: 1, hash: till.hashAt(1) },
  });
  const reply = CloseReply.parse((await send(request(short))).body);
  expect(reply).toMatchObject({
    receipt: { verdict: 'differs', differences: [{ tseq: 2, what: 'extra', kind: 'stamp.added' }] },
  });
});

test('another chain head than the centre’s is a difference', async () => {
  const other = certificate({ chainHead: { tseq: 2, hash: 'f'.repeat(32) } });
  const reply = CloseReply.parse((await send(request(other))).body);
  expect(reply).toMatchObject({ receipt: { differences: [{ tseq: 2, what: 'other_content' }] } });
});

test.each([
  [
    'of another till',
    () => request(certificate({ tillId: 'till-x' as CloseCertificate['tillId'] })),
    'bad_request',
  ],
  ['of a later incarnation', () => request(certificate({ incarnation: 9 })), 'bad_request'],
  ['that counts more ops than it names', () => request(certificate({ opCount: 5 })), 'bad_request'],
  [
    'whose ranges overlap',
    () => request(certificate({ ranges: [...certificate().ranges, ...certificate().ranges], opCount: 4 })),
    'bad_request',
  ],
  [
    'of a month of ops',
    () =>
      request(
        certificate({
          ranges: [{ fromTseq: 1, toTseq: 9_000_000, hash: 'a'.repeat(64) }],
          opCount: 9_000_000,
        }),
      ),
    'bad_request',
  ],
  [
    'that asks about ops outside it',
    () => request(certificate(), { ranges: [{ fromTseq: 1, toTseq: 9, hash: 'a'.repeat(64) }] }),
    'bad_request',
  ],
  [
    'that asks about one part twice',
    () => request(certificate(), { ranges: [...certificate().ranges, ...certificate().ranges] }),
    'bad_request',
  ],
  [
    'with a changed figure',
    () => request(certificate(), { certificate: certificate({ closedAtMs: 2 }) }),
    'bad_signature',
  ],
  ['with another signature', () => request(certificate(), { signature: 'a'.repeat(128) }), 'bad_signature'],
  ['of no known form', () => request(certificate(), { ranges: 'all' }), 'bad_request'],
  ['of another version', () => request(certificate(), { protocol: 99 }), 'protocol_unsupported'],
  ['for another till', () => request(certificate(), { tillId: 'till-x' }), 'unauthorised'],
])('a certificate %s is refused before any effect', async (_, body, code) => {
  const before = await countCloses();
  expect(codeOf(await send(body()))).toBe(code);
  expect(await countCloses()).toBe(before);
});

test('a day of an earlier incarnation is judged at once: its ops are in no file that can be narrowed down with', async () => {
  const changed = [{ fromTseq: 1, toTseq: 2, hash: 'a'.repeat(64) }];
  const [right, wrong] = [certificate(), certificate({ ranges: changed })];
  const sql = `update tills set incarnation = 2 where till_id = '${till.enrolled.tillId}'`;
  await open.centre.database.sql.query(sql);
  const ask = async (signed: CloseCertificate) => (await send(request(signed, { incarnation: 2 }))).body;
  expect(await ask(right)).toMatchObject({ state: 'proof', receipt: { verdict: 'equal' } });
  expect(await ask(wrong)).toMatchObject({
    state: 'proof',
    receipt: { verdict: 'differs', differences: [] },
  });
});

test('a till may ask again and again: one certificate, a receipt each time', async () => {
  const before = await countCloses();
  for (let time = 0; time < 3; time += 1) expect((await send(request(certificate()))).status).toBe(200);
  expect(await countCloses()).toBe(before + 1);
});

test('an op of 1970 after the till was here is taken at that time and flagged, one ahead too, none refused', async () => {
  const ref = till.makeMember();
  await till.sync();
  till.stamp(ref, 1, { hlc: '0000000000010000' });
  const reply = await till.exchange();
  const flags = await open.centre.database.sql.query('select flag from flags where seq = $1', [
    reply.acks[0]?.firstSeq,
  ]);
  expect([reply.held, flags.rows]).toEqual([[], [{ flag: 'clock_behind' }]]);
});

test('a till whose PC clock is off is noted once, not at every exchange', async () => {
  const noted = async () => {
    const text = 'select ahead_ms as "aheadMs" from till_clocks where till_id = $1';
    return (await open.centre.database.sql.query(text, [till.enrolled.tillId])).rows as { aheadMs: number }[];
  };
  await till.exchange({ clock: { wallMs: Date.now() + 60_000 } });
  expect(await noted()).toEqual([]);
  await till.exchange({ clock: { wallMs: Date.now() - 3 * 86_400_000 } });
  const [first] = await noted();
  await till.exchange({ clock: { wallMs: Date.now() - 3 * 86_400_000 } });
  expect(await noted()).toEqual([first]);
  expect(Math.round((first?.aheadMs ?? 0) / 86_400_000)).toBe(-3);
});

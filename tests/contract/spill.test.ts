import { expect, test } from 'vitest';
import { createUnsealer } from '../../crm/unseal.ts';
import { nodeSigning } from '../../crm/node-crypto.ts';
import { beginSession, openRecord, ownSessionKey, sealRecord } from '../../db/spill/seal.ts';
import { must } from '../../sync/base/must.ts';
import { crc32c } from '../../sync/spill/crc32c.ts';
import { packSession, readSpill } from '../../sync/spill/format.ts';
import { SPILL_SECRET_KEY, SPILL_SIGN_KEY, spillOwner } from '../parts/spill.ts';

/** The example of RFC 7748, section 6.1: Bob. */
const CENTRE = {
  secretKey: '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
  publicKey: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
};
const PLAIN = '{"tseq":7,"note":"fixed"}';

/** One session and one record as version 1 writes them, for good. */
const VECTOR = [
  'a4000000303b0a610143465350494c4c3101000000a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a55fd9cd1d52cd2cbb9ec0fd',
  '620bd3e77a9f9f27a6b6d5ac119ec739fb9b03c01ede9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e',
  '146f882b4f0674696c6c2d318bb6f7a573589f156c695baa8b51b5adb7f7c2553752bdf05691e152e1c5cfde946bc39f',
  '679912f0eb67affe46548b74e08cd896a9527399757b5a7d40fd000236000000a4a61d64020100000000000700000000',
  '00b206c2458468b99405035c76ed4b0ed90dbd7faa1d65607f2954e2751073318a8b78ed7100d14f121e',
].join('');

function written(): Buffer {
  const owner = spillOwner(CENTRE.publicKey);
  const { session, key } = beginSession(owner, new Uint8Array(16).fill(0xa5));
  const head = packSession(session, (message) => Buffer.from(owner.sign(message), 'hex'));
  return Buffer.concat([head, sealRecord(key, { tseq: 7, counter: 1 }, PLAIN)]);
}

test('CRC-32C is the one of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.from('12345'), Buffer.from('6789'))).toBe(0xe3069283);
});

test('version 1 of the spill file: the same bytes as ever, and both sides open them', () => {
  expect(written().toString('hex')).toBe(VECTOR);
  const { sessions, end } = readSpill(Buffer.from(VECTOR, 'hex'));
  expect(end).toBe(VECTOR.length / 2);
  const session = must(sessions[0], 'one session');
  const record = must(session.records[0], 'one record');
  expect([session.tillId, session.incarnation, record.tseq, record.counter]).toEqual(['till-1', 1, 7, 1]);
  const signature = Buffer.from(session.signature).toString('hex');
  expect(nodeSigning.isSigned(SPILL_SIGN_KEY, session.signed, signature)).toBe(true);
  expect(createUnsealer(session, CENTRE.secretKey)(record)).toBe(PLAIN);
  expect(openRecord(ownSessionKey(session, SPILL_SECRET_KEY), record)).toBe(PLAIN);
});

test('nobody else opens it, and a changed session or record opens for nobody', () => {
  const { sessions } = readSpill(Buffer.from(VECTOR, 'hex'));
  const session = must(sessions[0], 'one session');
  const record = must(session.records[0], 'one record');
  expect(createUnsealer(session, '11'.repeat(32))(record)).toBeNull();
  expect(createUnsealer({ ...session, incarnation: 2 }, CENTRE.secretKey)(record)).toBeNull();
  expect(
    createUnsealer({ ...session, ephemeralKey: new Uint8Array(32) }, CENTRE.secretKey)(record),
  ).toBeNull();
  expect(createUnsealer(session, CENTRE.secretKey)({ ...record, counter: 2 })).toBeNull();
  const aad = record.aad.slice();
  aad[7] = (aad[7] ?? 0) + 1;
  expect(createUnsealer(session, CENTRE.secretKey)({ ...record, aad })).toBeNull();
});

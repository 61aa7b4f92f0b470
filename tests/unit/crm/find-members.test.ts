import { beforeAll, expect, test } from 'vitest';
import { FindReply, type FindKeys } from '../../../sync/protocol/find.ts';
import { must } from '../../../sync/base/must.ts';
import type { MemberFields } from '../../../sync/model/member.ts';
import { addSecond, anonymisedBy } from '../../parts/second.ts';
import { centreForAll } from './centre-for-all.ts';
import { codeOf, injected, TestTill, type CardRef } from './test-till.ts';

const NONE: FindKeys = { cardNumber: null, phone: null, email: null, lookupId: null };

const open = centreForAll();
let maker: TestTill;
let asker: TestTill;
let tan: CardRef;
let other: CardRef;

beforeAll(async () => {
  maker = await TestTill.enrol(open.post);
  asker = await TestTill.enrol(open.post);
  const fields: Partial<MemberFields> = {
    mobile: '+6591110001',
    phone: '+6562220001',
    email: 'Tan@Example.com',
    lookupId: 'Ab 12',
  };
  tan = maker.makeMember(fields);
  maker.stamp(tan, 3);
  other = maker.makeMember({ mobile: '+6591110002', lookupId: 'X2' });
  await maker.sync();
});

const asking = (keys: Partial<FindKeys>, till = asker) => ({
  protocol: 1,
  tillId: till.enrolled.tillId,
  incarnation: till.incarnation,
  cursor: 0,
  keys: { ...NONE, ...keys },
});

async function find(keys: Partial<FindKeys>, till = asker): Promise<FindReply> {
  const { status, body } = await till.sendTo('/v1/members/find', asking(keys, till));
  expect(status).toBe(200);
  return FindReply.parse(body);
}

const cardNumberOf = async (ref: CardRef): Promise<string> => {
  const { rows } = await open.centre.database.sql.query('select card_number from cards where card_id = $1', [
    ref.cardId,
  ]);
  return (must(rows[0], 'it was issued') as { card_number: string }).card_number;
};

test('each whole key finds its member with cards and balances, and nobody else', async () => {
  const whole: Partial<FindKeys>[] = [
    { cardNumber: await cardNumberOf(tan) },
    { phone: '+6591110001' },
    { phone: '+6562220001' },
    { email: 'tan@example.com' },
    { lookupId: 'ab12' },
  ];
  for (const keys of whole) {
    const { found, rows } = await find(keys);
    expect(found, JSON.stringify(keys)).toEqual([tan.memberId]);
    expect(rows.members.map(({ memberId }) => memberId)).toEqual([tan.memberId]);
    expect(rows.cards.map(({ cardId }) => cardId)).toEqual([tan.cardId]);
    expect(rows.accounts.map(({ balance }) => balance)).toEqual([3]);
  }
});

test('a part of a key finds nobody', async () => {
  for (const keys of [{ phone: '+659111000' }, { email: 'tan@' }, { lookupId: 'ab1' }])
    expect((await find(keys)).found).toEqual([]);
});

test('the answer says up to where the asking till must know its own ops', async () => {
  expect((await find({ phone: '+6591110001' })).hiTseq).toBe(0);
  const { hiTseq, epoch } = await find({ phone: '+6591110001' }, maker);
  expect({ hiTseq, epoch }).toEqual({ hiTseq: 3, epoch: maker.epoch });
});

test('of merged people all rows come, whoever of them has the key', async () => {
  maker.make({ kind: 'member.merged', memberId: other.memberId, intoId: tan.memberId, reason: 'same' });
  await maker.sync();
  const { found, rows } = await find({ phone: '+6591110002' });
  expect(found).toEqual([other.memberId]);
  const people = rows.members.map(({ memberId }) => memberId);
  expect(people.toSorted()).toEqual([tan.memberId, other.memberId].toSorted());
  expect(rows.cards).toHaveLength(2);
});

test('who was anonymised is found by no key any more', async () => {
  const gone = maker.makeMember({ mobile: '+6591110003' });
  await addSecond(open.centre);
  maker.make(anonymisedBy(gone.memberId));
  await maker.sync();
  const cardNumber = await cardNumberOf(gone);
  const byPhone = await find({ phone: '+6591110003' });
  expect([byPhone.found, byPhone.erasureNo]).toEqual([[], 1]);
  expect((await find({ cardNumber })).found).toEqual([]);
});

test('only a living till of its own name asks, signed, and for something', async () => {
  const path = '/v1/members/find';
  const keys = { phone: '+6591110001' };
  const unsigned = await injected(open.app)(path, asking(keys), asker.enrolled.token);
  expect([unsigned.status, codeOf(unsigned)]).toEqual([401, 'bad_signature']);
  const nobody = await injected(open.app)(path, asking(keys));
  expect(codeOf(nobody)).toBe('unauthorised');
  expect(codeOf(await asker.sendTo(path, asking(keys, maker)))).toBe('unauthorised');
  expect(codeOf(await asker.sendTo(path, { ...asking(keys), incarnation: 2 }))).toBe('till_forked');
  expect(codeOf(await asker.sendTo(path, { ...asking(keys), protocol: 99 }))).toBe('protocol_unsupported');
  expect(codeOf(await asker.sendTo(path, asking({})))).toBe('bad_request');
  expect(codeOf(await asker.sendTo(path, asking({ lookupId: 'a\0b' })))).toBe('bad_request');
  expect(codeOf(await asker.sendTo(path, asking({ phone: "+65' or 1=1" })))).toBe('bad_request');
});

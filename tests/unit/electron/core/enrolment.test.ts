import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { endTestTill, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
});
afterEach(() => endTestTill(till));

const add = (draft: Record<string, unknown>) =>
  till.client['members.add']({
    opId: till.opId(),
    draft,
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });
const fieldsHit = async (draft: Record<string, unknown>) => {
  const hits = await till.client['members.findDuplicates']({ draft, exceptMemberId: null });
  return hits.map(({ field, isRefusal }) => [field, isRefusal]);
};

test('a duplicate shows while the form is typed; half a phone number is nobody’s', async () => {
  await add({ lastName: 'Tan', firstName: 'Wei Ling', mobile: '9111 0001', email: 'w@x.sg', lookupId: 'K1' });
  expect(await fieldsHit({ mobile: '+65 9111 0001' })).toEqual([['mobile', true]]);
  expect(await fieldsHit({ mobile: '9111 00' })).toEqual([]);
  expect(await fieldsHit({ lookupId: 'k 1' })).toEqual([['lookupId', true]]);
  expect(await fieldsHit({ email: 'W@X.SG' })).toEqual([['email', false]]);
  expect(await fieldsHit({ lastName: 'Wei Ling', firstName: 'Tan' })).toEqual([['name', false]]);
});

test('the member on the form is no duplicate of itself', async () => {
  const { member } = await add({ lastName: 'Tan', mobile: '9111 0001' });
  const hits = await till.client['members.findDuplicates']({
    draft: { mobile: '9111 0001' },
    exceptMemberId: member.memberId,
  });
  expect(hits).toEqual([]);
});

test('a printed card is issued by its number once; a wrong number is refused', async () => {
  const { member } = await add({ lastName: 'Tan' });
  const issue = (cardNumber: string | null) =>
    till.client['cards.issue']({
      opId: till.opId(),
      memberId: member.memberId,
      cardTypeId: 'coffee' as CardTypeId,
      cardNumber,
    });
  expect((await issue('6035550000001230')).member.cards.map((card) => card.cardNumber)).toEqual([
    '6035550000001230',
  ]);
  await expect(issue('6035550000001230')).rejects.toMatchObject({ code: 'card_number_taken' });
  await expect(issue('6035550000001231')).rejects.toMatchObject({ code: 'card_number_invalid' });
  expect((await issue(null)).member.cards).toHaveLength(2);
});

test('two cards from the block of a till never share a number, and an empty block says so', async () => {
  const { member } = await add({ lastName: 'Tan' });
  const numbers = new Set<string>();
  const issue = async () => {
    const reply = await till.client['cards.issue']({
      opId: till.opId(),
      memberId: member.memberId,
      cardTypeId: 'coffee' as CardTypeId,
      cardNumber: null,
    });
    numbers.add(
      must(
        reply.member.cards.find((card) => card.cardId === reply.cardId),
        'issued',
      ).cardNumber,
    );
  };
  for (let card = 0; card < 50; card += 1) await issue();
  expect(numbers.size).toBe(50);
  await expect(issue()).rejects.toMatchObject({ code: 'card_stock_empty' });
});

test('consent is given and withdrawn, also for a locked member', async () => {
  const { member } = await add({ lastName: 'Tan' });
  const record = (isGranted: boolean) =>
    till.client['consents.record']({ opId: till.opId(), memberId: member.memberId, isGranted });
  expect((await record(true)).member.hasMarketingConsent).toBe(true);
  await till.client['members.setState']({
    opId: till.opId(),
    memberId: member.memberId,
    action: 'lock',
    reason: 'test',
  });
  expect((await record(false)).member.hasMarketingConsent).toBe(false);
});

test('the day’s figures and the last members are this till’s own', async () => {
  await add({ lastName: 'Tan' });
  const { member } = await add({ lastName: 'Lim' });
  expect(await till.client['day.getFigures']({})).toMatchObject({ enrolled: 2, total: 2, stamps: 0 });
  const recent = await till.client['members.listRecent']({});
  expect(recent.map((hit) => hit.name)).toEqual(['Lim', 'Tan']);
  expect(recent[0]?.memberId).toBe(member.memberId);
});

test('settings outlive a restart, and a scanner that is not there is told, not fatal', async () => {
  await till.client['preferences.set']({ language: 'zh', theme: 'dark' });
  await till.signIn('supervisor');
  await till.client['scanner.set']({ path: '/dev/no-such-port', profile: 'cr' });
  expect(await till.client['scanner.get']({})).toMatchObject({ path: '/dev/no-such-port', state: 'absent' });
  await till.close();
  till = openTestTill(till.dir);
  const { preferences } = await till.client['till.get']({});
  expect(preferences).toEqual({ language: 'zh', theme: 'dark', isSoundOn: true });
});

test('support’s report names versions and states, and nothing of a member or a secret', async () => {
  await add({ lastName: 'Canary', mobile: '9111 0001', email: 'canary@example.com' });
  const report = JSON.stringify(await till.client['till.diagnose']({}));
  expect(report).toContain('"cipher":"aegis"');
  expect(report).toContain('"synchronous":2');
  for (const secret of ['Canary', '91110001', 'canary@', 't'.repeat(40), '5a'.repeat(32)]) {
    expect(report).not.toContain(secret);
  }
});

test('an enrolled till is not enrolled again', async () => {
  const again = till.client['till.enrol']({
    serverUrl: 'http://127.0.0.1:9',
    code: 'AAAAA-BBBBB',
    tillName: '',
  });
  await expect(again).rejects.toMatchObject({ code: 'already_enrolled' });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MemberView } from '../../../../electron/contract/views.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
let member: MemberView;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
  const reply = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', firstName: 'Wei Ling', mobile: '9111 0001' },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: true,
  });
  member = reply.member;
});
afterEach(() => endTestTill(till));

const edit = async (draft: object, opId = till.opId()) =>
  till.client['members.edit']({ opId, memberId: member.memberId, draft }).then(
    (reply) => reply.member.fields,
    (cause: { code: string }) => cause.code,
  );

async function makeTier(tierId: string, name: string, rest: object = {}): Promise<void> {
  const { businessDay } = await till.client['till.get']({});
  const body = {
    ...{ tierId, version: 1, validFrom: businessDay, name, nameZh: '金卡', rank: 1, thresholdMinor: 0 },
    ...{ withinMonths: 12, benefits: 'a coffee a day', benefitsZh: '', validMonths: 0, renewalMinor: 0 },
    ...{ isRetired: false, earlier: [], ...rest },
  };
  await till.client['documents.save']({ opId: till.opId(), kind: 'tier', id: tierId, baseVersion: 0, body });
}

test('a chain without tiers takes any word, as imports do', async () => {
  expect(await edit({ tier: 'Gold' })).toMatchObject({ tier: 'Gold' });
});

test('a tier is named by its id or its name in either language; a word that names none is refused', async () => {
  await makeTier('gold', 'Gold');
  expect(await edit({ tier: 'silver' })).toBe('tier_unknown');
  const opId = till.opId();
  expect(await edit({ tier: 'GOLD ' }, opId)).toMatchObject({ tier: 'gold' });
  expect(await edit({ tier: 'GOLD ' }, opId)).toMatchObject({ tier: 'gold' });
  expect(await edit({ tier: '' })).toMatchObject({ tier: '' });
  expect(await edit({ tier: '金卡' })).toMatchObject({ tier: 'gold' });
});

test('one that is given no more is not given, and the till shows each with what it gives', async () => {
  await makeTier('old', 'Old', { isRetired: true });
  expect(await edit({ tier: 'old' })).toBe('tier_unknown');
  expect((await till.client['till.get']({})).tiers).toEqual([
    {
      ...{ tierId: 'old', name: 'Old', nameZh: '金卡', benefits: 'a coffee a day', benefitsZh: '' },
      isRetired: true,
    },
  ]);
});

test('the last day of a tier may be today and no earlier (F91)', async () => {
  const { businessDay } = await till.client['till.get']({});
  expect(await edit({ tier: 'Gold', tierUntil: '2020-01-01' })).toBe('bad_request');
  expect(await edit({ tier: 'Gold', tierUntil: businessDay })).toMatchObject({ tierUntil: businessDay });
});

test('title and kind of customer are edited like the rest (F107, F33)', async () => {
  expect(await edit({ prefix: 'Dr', customerType: 'customer' })).toMatchObject({
    ...{ prefix: 'Dr', customerType: 'customer' },
  });
});

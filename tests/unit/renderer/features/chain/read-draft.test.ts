import { expect, test } from 'vitest';
import { Chain, Staff, Store } from '../../../../../sync/model/chain.ts';
import { POLICY_TEXT_MAX } from '../../../../../sync/model/policy-text.ts';
import { DEFAULT_SPEND_POLICY } from '../../../../../sync/model/spend-policy.ts';
import {
  toPersonDraft,
  toRulesDraft,
  toShopDraft,
  type ChainDraft,
} from '../../../../../renderer/features/chain/drafts.ts';
import { isLinkBase, readDraft } from '../../../../../renderer/features/chain/read-draft.ts';

const SCENE = { decimals: 2, selfId: 'staff-self' };
const NIA = Staff.parse({
  ...{ staffId: 'staff-nia', version: 3, login: 'nia', name: 'Nia', role: 'cashier', pinHash: '' },
  storeId: 'store-2',
});
const KOPI = Chain.parse({
  ...{ version: 4, name: 'Kopi', currency: 'SGD', currencyDecimals: 2, country: 'SG', consentMode: 'pdpa' },
  ...{ policyVersion: '1', cardPrefix: '603555' },
});
const KATONG = Store.parse({ storeId: 'store-2', version: 1, name: 'Katong', timeZone: 'Asia/Singapore' });

const typed = <Draft extends ChainDraft>(draft: Draft, texts: Partial<Draft['texts']>, isOn = draft.isOn) =>
  readDraft({ ...draft, texts: { ...draft.texts, ...texts }, isOn } as ChainDraft, SCENE);
const newcomer = { name: 'Nia', login: 'nia', pin: '482913', pinAgain: '482913' };

test('somebody new needs a name, a sign-in name and a PIN that is not easy to guess, typed twice alike', () => {
  expect(typed(toPersonDraft(null), {})).toEqual({
    problems: { name: 'missing', login: 'missing', pin: 'pin' },
  });
  for (const pin of ['000000', '123456', '987654', '4829', '48291x'])
    expect(typed(toPersonDraft(null), { ...newcomer, pin, pinAgain: pin })).toEqual({
      problems: { pin: 'pin' },
    });
  expect(typed(toPersonDraft(null), { ...newcomer, pinAgain: '482914' })).toEqual({
    problems: { pinAgain: 'again' },
  });
  expect(typed(toPersonDraft(null), { ...newcomer, login: 'ni a' })).toEqual({
    problems: { login: 'login' },
  });
  const draft = toPersonDraft(null);
  const body = { staffId: draft.id, version: 1, login: 'nia', name: 'Nia', role: 'cashier', pinHash: '' };
  expect(typed(draft, { ...newcomer, name: ' Nia ' })).toEqual({
    saving: { kind: 'staff', id: draft.id, baseVersion: 0, body: { ...body, isGone: false }, pin: '482913' },
  });
});

test('a change of role leaves the PIN alone, and what is typed of one must be whole', () => {
  expect(typed(toPersonDraft(NIA), { role: 'supervisor', storeId: '' }, true)).toEqual({
    saving: {
      ...{ kind: 'staff', id: 'staff-nia', baseVersion: 3 },
      body: {
        ...{ staffId: 'staff-nia', version: 4, login: 'nia', name: 'Nia', role: 'supervisor', pinHash: '' },
        isGone: true,
      },
    },
  });
  expect(typed(toPersonDraft(NIA), { pinAgain: '482913' })).toEqual({ problems: { pin: 'pin' } });
});

test('one’s own PIN is changed with the one there is', () => {
  const self = toPersonDraft({ ...NIA, staffId: 'staff-self' as Staff['staffId'] });
  const pins = { pin: '482913', pinAgain: '482913' };
  expect(typed(self, pins)).toEqual({ problems: { ownPin: 'missing' } });
  expect(typed(self, { ...pins, ownPin: '739205' })).toMatchObject({
    saving: { pin: '482913', ownPin: '739205' },
  });
});

test('a shop is open unless it says otherwise, and has a clock that there is', () => {
  const draft = toShopDraft(KATONG, undefined);
  expect(typed(draft, { cutOffHour: '3' })).toEqual({
    saving: {
      ...{ kind: 'store', id: 'store-2', baseVersion: 1 },
      body: { storeId: 'store-2', version: 2, name: 'Katong', timeZone: 'Asia/Singapore', cutOffHour: 3 },
    },
  });
  expect(typed(draft, {}, true)).toMatchObject({ saving: { body: { isRetired: true } } });
  expect(typed(draft, { timeZone: 'Asia/Atlantis', name: ' ' })).toEqual({
    problems: { timeZone: 'wrong', name: 'missing' },
  });
});

test('a new shop begins with the clock of the first one', () => {
  expect(toShopDraft(null, KATONG).texts).toEqual({
    name: '',
    nameZh: '',
    timeZone: 'Asia/Singapore',
    cutOffHour: '4',
  });
});

test('only an address that a path can be put behind is where links begin', () => {
  const good = ['https://kopi.example', 'https://kopi.example/club/'];
  const bad = [
    ...['http://kopi.example', 'kopi.example', 'https://', 'https:kopi.example', 'javascript:alert(1)'],
    ...['https://kopi.example?x=1', 'https://kopi.example/#top', 'https://kopi example', ''],
  ];
  expect([good.map(isLinkBase), bad.filter(isLinkBase)]).toEqual([[true, true], []]);
});

test('settings of the chain: what is empty is left out, what is not typed stays', () => {
  const draft = toRulesDraft({ ...KOPI, linkBase: 'https://old.example', sharedPhones: true }, 2);
  expect(typed(draft, { linkBase: '', policyVersion: ' 2026-11 ', consentMode: 'gdpr' }, false)).toEqual({
    saving: {
      ...{ kind: 'chain', id: 'chain', baseVersion: 4 },
      body: { ...KOPI, version: 5, policyVersion: '2026-11', consentMode: 'gdpr' },
    },
  });
  expect(typed(draft, { linkBase: 'kopi.example', policyVersion: '' })).toEqual({
    problems: { linkBase: 'link', policyVersion: 'missing' },
  });
});

test('another text of the policy needs another version, and one that is none is said, never cut', () => {
  const draft = toRulesDraft({ ...KOPI, policyText: 'We keep it.' }, 2);
  const next = { ...KOPI, version: 5 };
  expect(typed(draft, {})).toMatchObject({ saving: { body: { ...next, policyText: 'We keep it.' } } });
  for (const policyText of ['We sell it.', ' '])
    expect(typed(draft, { policyText })).toEqual({ problems: { policyVersion: 'sameVersion' } });
  expect(typed(draft, { policyText: ' We sell it.\n', policyVersion: '2' })).toMatchObject({
    saving: { body: { ...next, policyVersion: '2', policyText: 'We sell it.' } },
  });
  expect(typed(draft, { policyText: '', policyVersion: '2' })).toEqual({
    saving: { kind: 'chain', id: 'chain', baseVersion: 4, body: { ...next, policyVersion: '2' } },
  });
  const bad = { long: 'x'.repeat(POLICY_TEXT_MAX + 1), unseen: 'We keep\u0000it.' };
  for (const [problem, policyText] of Object.entries(bad))
    expect(typed(draft, { policyText, policyVersion: '2' })).toEqual({ problems: { policyText: problem } });
});

test('limits are whole numbers and amounts, and the usual ones are written down only where others were', () => {
  const draft = toRulesDraft(KOPI, 2);
  expect(typed(draft, { perSpend: '20', creditPerAccount: '12.50' })).toMatchObject({
    saving: { body: { spendPolicy: { ...DEFAULT_SPEND_POLICY, perSpend: 20, creditPerAccount: 1250 } } },
  });
  const wrong = {
    perTill: '-1',
    perSpend: '1.5',
    grantPercent: '101',
    creditGrantMax: 'x',
    halfAfterHours: '0',
  };
  expect(typed(draft, wrong)).toEqual({
    problems: {
      ...{ perTill: 'number', perSpend: 'number', grantPercent: 'percent', creditGrantMax: 'amount' },
      halfAfterHours: 'number',
    },
  });
  expect(typed(draft, { halfAfterHours: '80' })).toEqual({ problems: { noneAfterHours: 'order' } });
  const own = toRulesDraft({ ...KOPI, spendPolicy: { ...DEFAULT_SPEND_POLICY, perSpend: 9 } }, 2);
  expect(typed(own, { perSpend: '50' })).toMatchObject({
    saving: { body: { spendPolicy: DEFAULT_SPEND_POLICY } },
  });
  expect(typed(draft, {})).toEqual({
    saving: { kind: 'chain', id: 'chain', baseVersion: 4, body: { ...KOPI, version: 5 } },
  });
});

test('a limit that is too large is told so, however long it is', () => {
  const tooLarge = {
    ...{ perTill: '1000000001', perSpend: '123456789012', halfAfterHours: '99999999999' },
    ...{ creditPerAccount: '10000000.01', creditGrantMax: '1234567890', grantPercent: '1000000001' },
  };
  expect(typed(toRulesDraft(KOPI, 2), tooLarge)).toEqual({
    problems: {
      ...{ perTill: 'large', perSpend: 'large', halfAfterHours: 'large', creditPerAccount: 'large' },
      ...{ creditGrantMax: 'large', grantPercent: 'percent' },
    },
  });
  const most = { perTill: '1000000000', creditPerAccount: '10000000' };
  expect(typed(toRulesDraft(KOPI, 2), most)).toMatchObject({
    saving: { body: { spendPolicy: { perTill: 1_000_000_000, creditPerAccount: 1_000_000_000 } } },
  });
});

test('what becomes of a balance that is left stands in the document only where the owner chose', () => {
  const bodyOf = (known: Chain, leftBalance?: string) =>
    typed(toRulesDraft(known, 2), leftBalance === undefined ? {} : { leftBalance });
  const saving = (body: object) => ({ saving: { kind: 'chain', id: 'chain', baseVersion: 4, body } });
  const next = { ...KOPI, version: 5 };
  expect(bodyOf(KOPI)).toEqual(saving(next));
  for (const leftBalance of ['forfeited', 'paid_out'] as const) {
    expect(bodyOf(KOPI, leftBalance)).toEqual(saving({ ...next, leftBalance }));
    expect(bodyOf({ ...KOPI, leftBalance })).toEqual(saving({ ...next, leftBalance }));
    expect(bodyOf({ ...KOPI, leftBalance }, '')).toEqual(saving(next));
  }
});

import { expect, test } from 'vitest';
import { InboxAction } from '../../../../../electron/contract/inbox.ts';
import { decisionName } from '../../../../../renderer/features/log/decision-name.ts';
import { createTranslations } from '../../../../../renderer/lib/translate.ts';

/** What the centre's log of decisions keeps lines of. */
const ACTIONS = [
  ...InboxAction.options.map((action) => `inbox.${action}`),
  ...['member.anonymised', 'till.lost', 'till.holds_freed', 'export.made', 'points.credited'],
];

test('each decision has words in both languages, and none is shown as a code', () => {
  const [en, zh] = [createTranslations('en'), createTranslations('zh')];
  for (const action of ACTIONS) {
    expect(decisionName({ t: en.t }, action)).toMatch(/^[A-Z][a-z]+( |$)/);
    expect(decisionName({ t: zh.t }, action)).toMatch(/^\p{Script=Han}+$/u);
  }
  expect(decisionName({ t: en.t }, 'of.a_later_centre')).toBe('of.a_later_centre');
});

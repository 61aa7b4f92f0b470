import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WHOLE_CHAIN } from '../../../../sync/base/ids.ts';
import { textSum } from '../../../../sync/base/text-sum.ts';
import { applyOp } from '../../../../sync/merge/apply-op.ts';
import { roleNeeded } from '../../../../sync/merge/roles.ts';
import { CardType, Chain, documentSum, Staff, type Group } from '../../../../sync/model/chain.ts';
import { OpBody, type OpBodyOf } from '../../../../sync/model/op.ts';
import { nextVersion, rulesIn, rulesOfVersion } from '../../../../sync/programmes/card-rules.ts';
import { createRowTable, makeOp } from '../../../parts/ops.ts';

const group = (version: number, name: string): Group => ({
  groupId: 'staff',
  version,
  name,
  nameZh: '',
  isRetired: false,
});
const saved = (base: Group | null, name: string): OpBodyOf<'document.saved'> => ({
  kind: 'document.saved',
  memberId: WHOLE_CHAIN,
  docKind: 'group',
  id: 'staff',
  baseVersion: base?.version ?? 0,
  baseSum: documentSum(base ?? undefined),
  body: { ...group((base?.version ?? 0) + 1, name) },
});
const now = (table: ReturnType<typeof createRowTable>) => table.documents.get('group staff')?.body;

test('versions follow each other, each what it was made from', () => {
  const table = createRowTable();
  expect(table.apply(makeOp(saved(null, 'One')))?.held).toBeNull();
  expect(table.apply(makeOp(saved(group(1, 'One'), 'Two')))?.held).toBeNull();
  expect(now(table)).toEqual(group(2, 'Two'));
});

test('two that were made of the same version: the earlier in the feed stands, the later waits, neither is lost', () => {
  const table = createRowTable();
  table.apply(makeOp(saved(null, 'One'), { till: 'a' }));
  table.apply(makeOp(saved(group(1, 'One'), 'Of a'), { till: 'a' }));
  const late = makeOp(saved(group(1, 'One'), 'Of b'), { till: 'b' });
  expect(table.apply(late)).toEqual({ held: 'document_changed' });
  expect(now(table)).toEqual(group(2, 'Of a'));
  // What b made of its own version 2 is of another version 2.
  const onTop = makeOp(saved(group(2, 'Of b'), 'Of b again'), { till: 'b' });
  expect(table.apply(onTop)).toEqual({ held: 'document_changed' });
  // A manager's word puts it behind what is there.
  const outcome = applyOp(table.reader, { op: late, seq: 9, hlc: late.hlc, isApproved: true });
  expect(outcome).toMatchObject({ held: null, changes: [{ row: { seq: 9, body: group(3, 'Of b') } }] });
});

test('in any mixture of tills exactly one line of versions comes about, without a hole', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.constantFrom('A', 'B', 'C')), { maxLength: 20 }), (saves) => {
      const table = createRowTable();
      const line: Group[] = [];
      for (const [back, name] of saves) {
        const base = line.at(-1 - back) ?? null;
        const outcome = table.apply(makeOp(saved(base, name)));
        const isNewest = base === (line.at(-1) ?? null);
        expect(outcome?.held === null).toBe(isNewest);
        if (isNewest) line.push(group(line.length + 1, name));
        expect(now(table)).toEqual(line.at(-1));
      }
    }),
  );
});

test.each([
  ['another id in the body', { id: 'other' }],
  ['another version than the next', { baseVersion: 4 }],
  ['a kind that nobody knows', { docKind: 'poem' }],
  ['a member', { memberId: '01890000-0000-7000-8000-000000000001' }],
  ['a field that the kind does not have', { body: { ...group(1, 'One'), more: 1 } }],
])('a document with %s is no op', (_, changed) => {
  expect(OpBody.safeParse({ ...saved(null, 'One'), ...changed }).success).toBe(false);
  expect(OpBody.safeParse(saved(null, 'One')).success).toBe(true);
});

test('documents are a manager’s', () => {
  expect(roleNeeded(saved(null, 'One'), undefined)).toBe('manager');
});

test('a card type that a manager puts behind another keeps every version that entries may name', () => {
  const table = createRowTable();
  const first = CardType.parse({ cardTypeId: 'coffee', kind: 'points', version: 1, name: 'One' });
  const save = (base: CardType | null, body: CardType) =>
    makeOp({
      kind: 'document.saved',
      memberId: WHOLE_CHAIN,
      docKind: 'card-type',
      id: 'coffee',
      baseVersion: base?.version ?? 0,
      baseSum: documentSum(base ?? undefined),
      body,
    });
  const named = (name: string): CardType => nextVersion(first, { ...rulesIn(first), name });
  table.apply(save(null, first));
  expect(table.apply(save(first, named('Of a')))?.held).toBeNull();
  const late = save(first, named('Of b'));
  expect(table.apply(late)).toEqual({ held: 'document_changed' });
  const outcome = applyOp(table.reader, { op: late, seq: 9, hlc: late.hlc, isApproved: true });
  const [change] = outcome.held === null ? outcome.changes : [];
  const type = CardType.parse(change?.table === 'document' ? change.row.body : null);
  expect([1, 2, 3].map((version) => rulesOfVersion(type, version)?.name)).toEqual(['One', 'Of a', 'Of b']);
});

test('two managers apart from each other leave no manager or one sign-in name twice: the later waits, on any word', () => {
  const person = (id: string, more: object = {}): Staff =>
    Staff.parse({ staffId: id, version: 1, login: id, name: id, role: 'manager', pinHash: '', ...more });
  const save = (base: Staff | null, body: Staff) =>
    makeOp({
      kind: 'document.saved',
      memberId: WHOLE_CHAIN,
      docKind: 'staff',
      id: body.staffId,
      baseVersion: base?.version ?? 0,
      baseSum: documentSum(base ?? undefined),
      body: { ...body, version: (base?.version ?? 0) + 1 },
    });
  const table = createRowTable();
  const [ann, ben] = [person('ann'), person('ben')];
  for (const each of [ann, ben]) expect(table.apply(save(null, each))?.held).toBeNull();
  expect(table.apply(save(null, person('cy', { login: 'ANN', role: 'cashier' })))).toEqual({
    held: 'document_changed',
  });
  expect(table.apply(save(ann, person('ann', { isGone: true })))?.held).toBeNull();
  const last = save(ben, person('ben', { role: 'cashier' }));
  expect(table.apply(last)).toEqual({ held: 'document_changed' });
  expect(applyOp(table.reader, { op: last, seq: 9, hlc: last.hlc, isApproved: true }).held).not.toBeNull();
  // Nobody brings back a version of a person that another was saved over.
  const stale = save(ann, person('ann', { name: 'Of before' }));
  expect(applyOp(table.reader, { op: stale, seq: 9, hlc: stale.hlc, isApproved: true })).toEqual({
    held: 'document_changed',
  });
  // Whoever left holds no name.
  expect(table.apply(save(null, person('cy', { login: 'ann', role: 'cashier' })))?.held).toBeNull();
});

const KOPI = Chain.parse({
  ...{ version: 1, name: 'Kopi', currency: 'SGD', currencyDecimals: 2, country: 'SG', consentMode: 'pdpa' },
  ...{ policyVersion: '1', cardPrefix: '603555', policyText: 'We keep it.' },
});
const saveChain = (base: Chain | null, change: Partial<Chain> = {}, of: Chain = KOPI) =>
  makeOp({
    kind: 'document.saved',
    memberId: WHOLE_CHAIN,
    docKind: 'chain',
    id: 'chain',
    baseVersion: base?.version ?? 0,
    baseSum: documentSum(base ?? undefined),
    body: { ...of, ...change, version: (base?.version ?? 0) + 1 },
  });
const chainOf = (table: ReturnType<typeof createRowTable>) =>
  table.reader.document('chain', 'chain')?.body as Chain;

test('two managers apart from each other write two texts under one version of the policy: one stands, on any word', () => {
  const table = createRowTable();
  const onAWord = (op: ReturnType<typeof saveChain>) =>
    applyOp(table.reader, { op, seq: 9, hlc: op.hlc, isApproved: true });
  table.apply(saveChain(null));
  expect(table.apply(saveChain(KOPI, { policyText: 'We sell it.' }))).toEqual({ held: 'document_changed' });
  const policiesBefore = [{ version: '1', sum: textSum('We keep it.') }];
  const share = { policyVersion: '2', policyText: 'We share it.', policiesBefore };
  expect(table.apply(saveChain(KOPI, share))?.held).toBeNull();
  const late = saveChain(KOPI, { policyVersion: '2', policyText: 'We sell it.' });
  expect(table.apply(late)).toEqual({ held: 'document_changed' });
  expect(onAWord(late)).toEqual({ held: 'document_changed' });
  // A name that stood before, and an author who says nothing of it.
  const second = chainOf(table);
  expect(second.policiesBefore).toEqual(policiesBefore);
  const reused = saveChain(second, { policyVersion: '1', policyText: 'We sell it.' });
  expect([table.apply(reused), onAWord(reused)]).toEqual([
    { held: 'document_changed' },
    { held: 'document_changed' },
  ]);
  // Under a version of its own it comes behind, as anything else does.
  expect(onAWord(saveChain(KOPI, { policyVersion: '3', policyText: 'We sell it.' })).held).toBeNull();
});

test('to a chain of tills of before no names of policies are added: their shape of it is strict', () => {
  const table = createRowTable();
  const ofBefore = Chain.omit({ policiesBefore: true });
  table.apply(saveChain(null));
  for (const policyVersion of ['2', '3', '4']) {
    const op = saveChain(chainOf(table), { policyVersion, policyText: `Text ${policyVersion}.` });
    expect(table.apply(op)?.held).toBeNull();
    // To the letter what its author made, so that its next version is made of this one.
    expect(chainOf(table)).toEqual((op.body as OpBodyOf<'document.saved'>).body);
    expect(ofBefore.safeParse(chainOf(table)).success).toBe(true);
  }
  // While it is in force its name stands for no other text; what stood before nobody knows.
  const sold = { policyText: 'We sell it.' };
  expect(table.apply(saveChain(chainOf(table), { policyVersion: '4', ...sold }))).toEqual({
    held: 'document_changed',
  });
  expect(table.apply(saveChain(chainOf(table), { policyVersion: '2', ...sold }))?.held).toBeNull();
});

test('names of policies that are there stay and grow, whatever an author sends, and each is there once', () => {
  const table = createRowTable();
  table.apply(saveChain(null));
  const wrong = [{ version: ' 1', sum: 'wrong' }];
  const [first, second] = ['We keep it.', 'We share it.'].map(textSum);
  table.apply(saveChain(KOPI, { policyVersion: '2', policyText: 'We share it.', policiesBefore: wrong }));
  expect(chainOf(table).policiesBefore).toEqual([{ version: '1', sum: first }]);
  const { policiesBefore: _, ...left } = chainOf(table);
  table.apply(saveChain(chainOf(table), { linkBase: 'https://kopi.example' }, left));
  expect(chainOf(table)).toMatchObject({ version: 3, policiesBefore: [{ version: '1', sum: first }] });
  table.apply(saveChain(chainOf(table), { policyVersion: '3', policiesBefore: wrong }, left));
  expect(chainOf(table).policiesBefore).toEqual([
    { version: '2', sum: second },
    { version: '1', sum: first },
  ]);
});

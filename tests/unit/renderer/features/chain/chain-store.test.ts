import { beforeEach, expect, test } from 'vitest';
import { createChainStore } from '../../../../../renderer/features/chain/chain-store.ts';
import { createScriptedCore, settled, type AskedCall } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createChainStore>;
beforeEach(() => {
  core = createScriptedCore();
  store = createChainStore(core.calls);
});

const now = () => store.getState();
const CHAIN = {
  ...{ version: 1, name: 'Kopi', currency: 'SGD', currencyDecimals: 2, country: 'SG', consentMode: 'pdpa' },
  ...{ policyVersion: '1', cardPrefix: '603555' },
};
const person = (staffId: string, more: object = {}) => ({
  ...{ kind: 'staff', id: staffId, isPending: false },
  body: { staffId, version: 1, login: staffId, name: staffId, role: 'cashier', pinHash: '', ...more },
});
const SHOP = {
  ...{ kind: 'store', id: 'store-1', isPending: false },
  body: { storeId: 'store-1', version: 1, name: 'Katong', timeZone: 'Asia/Singapore', cutOffHour: 4 },
};

/** The three calls of one reading, answered. */
async function answer(calls: readonly AskedCall[], staff: readonly unknown[]): Promise<void> {
  for (const call of calls) {
    const kind = call.input['kind'];
    const chain = { kind: 'chain', id: 'chain', isPending: false, body: CHAIN };
    await call.answer(kind === 'staff' ? staff : kind === 'store' ? [SHOP] : [chain]);
  }
}
const lastReading = (): AskedCall[] =>
  core.asked.filter(({ method }) => method === 'documents.list').slice(-3);

async function open(staff: readonly unknown[]): Promise<void> {
  void now().open({ decimals: 2, selfId: 'self' });
  await answer(lastReading(), staff);
}

test('a slow reading does not overwrite a later one', async () => {
  void now().refresh();
  const slow = lastReading();
  void now().refresh();
  await answer(lastReading(), [person('mei'), person('nia')]);
  await answer(slow, [person('mei')]);
  expect(now().people.map(({ staffId }) => staffId)).toEqual(['mei', 'nia']);
});

test('who has left stands behind the others, and what the centre has not confirmed says so', async () => {
  await open([person('arun', { isGone: true }), { ...person('nia'), isPending: true }, person('mei')]);
  expect(now().people.map(({ staffId }) => staffId)).toEqual(['mei', 'nia', 'arun']);
  expect([...now().unsent]).toEqual(['nia']);
});

test('a save sends the next version once, however often it is pressed, and shows what came of it', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('name', 'Mei Lin');
  void now().save();
  void now().save();
  const saves = core.asked.filter(({ method }) => method === 'documents.save');
  expect(saves.map(({ input }) => input)).toMatchObject([{ kind: 'staff', id: 'mei', baseVersion: 1 }]);
  await saves[0]?.answer(person('mei', { version: 2, name: 'Mei Lin' }));
  await answer(lastReading(), [person('mei', { version: 2, name: 'Mei Lin' })]);
  await settled();
  expect(now().deed).toEqual({ status: 'saved', name: 'Mei Lin' });
  expect(now().draft).toMatchObject({ known: { version: 2 }, texts: { name: 'Mei Lin', pin: '' } });
});

test('a press whose answer was lost is the same press again; another content is another one', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('name', 'Mei Lin');
  void now().save();
  await core.last('documents.save').refuse('core_restarted');
  await answer(lastReading(), [person('mei')]);
  void now().save();
  await core.last('documents.save').refuse('core_restarted');
  await answer(lastReading(), [person('mei')]);
  now().type('name', 'Mei Ling');
  void now().save();
  const ids = core.asked
    .filter(({ method }) => method === 'documents.save')
    .map(({ input }) => input['opId']);
  expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false]);
});

test('what was typed while a save was on its way stays, over the version that was saved', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('name', 'Mei Lin');
  void now().save();
  now().type('login', 'meilin');
  await core.last('documents.save').answer(person('mei', { version: 2, name: 'Mei Lin' }));
  await answer(lastReading(), [person('mei', { version: 2, name: 'Mei Lin' })]);
  await settled();
  expect(now().draft).toMatchObject({ known: { version: 2 }, texts: { name: 'Mei Lin', login: 'meilin' } });
});

test('what is wrong with a field is said until somebody types into it', async () => {
  await open([person('mei')]);
  now().choose(null);
  await now().save();
  expect(now().problems).toEqual({ name: 'missing', login: 'missing', pin: 'pin' });
  now().type('name', 'N');
  expect(now().problems).toEqual({ login: 'missing', pin: 'pin' });
  expect(core.asked.some(({ method }) => method === 'documents.save')).toBe(false);
});

test('a refusal leaves the form as it was typed and says why', async () => {
  await open([person('boss', { role: 'manager' })]);
  now().choose('boss');
  now().turn(true);
  void now().save();
  await core.last('documents.save').refuse('last_manager');
  expect(now().deed).toMatchObject({ status: 'failed', failure: { code: 'last_manager' } });
  expect(now().draft).toMatchObject({ id: 'boss', isOn: true });
});

test('a reading does not take away what somebody types, and brings a form that nobody touched up to date', async () => {
  await open([person('mei')]);
  now().choose('mei');
  void now().refresh();
  await answer(lastReading(), [person('mei', { version: 2, name: 'May' })]);
  expect(now().draft?.texts.name).toBe('May');
  now().type('name', 'Mei Lin');
  void now().refresh();
  await answer(lastReading(), [person('mei', { version: 3, name: 'Maya' })]);
  expect(now().draft).toMatchObject({ known: { version: 2 }, texts: { name: 'Mei Lin' } });
});

test('back on the page a half-typed form is there without its PIN; signed out, nothing is', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('pin', '482913');
  now().type('name', 'Mei Lin');
  await open([person('mei')]);
  expect(now().draft).toMatchObject({ texts: { name: 'Mei Lin', pin: '' } });
  void now().refresh();
  const late = lastReading();
  now().leave();
  await answer(late, [person('mei')]);
  expect([now().draft, now().people]).toEqual([null, []]);
});

/** A new shop in the form, and the call that saves it. */
async function saveKatong(): Promise<AskedCall> {
  await open([]);
  now().turnTo('shops');
  now().choose(null);
  now().type('name', 'Bedok');
  void now().save();
  return core.last('documents.save');
}
const bedok = (id: unknown) => ({ ...SHOP, id, body: { ...SHOP.body, storeId: id, name: 'Bedok' } });

test('a new document that is saved is the one in front, also where another reading overtook that of the save', async () => {
  const save = await saveKatong();
  const { id } = save.input;
  await save.answer(bedok(id));
  // As the page reads when the core tells of the save.
  void now().refresh();
  const [overtaken, later] = [core.asked.slice(-6, -3), lastReading()];
  await answer(overtaken, []);
  expect(now().deed).toEqual({ status: 'saved', name: 'Bedok' });
  expect(now().draft).toMatchObject({ id, known: { version: 1 }, texts: { name: 'Bedok' } });
  // And a list that does not have it yet takes it away from nobody.
  await answer(later, []);
  expect(now().draft).toMatchObject({ id, known: { version: 1 } });
});

test('what is saved is told as saved, also where the list can not be read', async () => {
  const save = await saveKatong();
  await save.answer(bedok(save.input['id']));
  for (const call of lastReading()) await call.refuse('disk_failed');
  expect(now().deed).toEqual({ status: 'saved', name: 'Bedok' });
  void now().refresh();
  for (const call of lastReading()) await call.refuse('disk_failed');
  expect(now().deed).toEqual({ status: 'saved', name: 'Bedok' });
});

test('a PIN that is saved goes, also where something was typed meanwhile', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('pin', '482913');
  now().type('pinAgain', '482913');
  void now().save();
  now().type('name', 'Mei Lin');
  await core.last('documents.save').answer(person('mei', { version: 2 }));
  expect(now().draft).toMatchObject({
    known: { version: 2 },
    texts: { name: 'Mei Lin', pin: '', pinAgain: '' },
  });
});

test('a page that is left keeps no PIN, and where a PIN was all that was typed nothing is half-typed', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('pin', '482913');
  now().dropPins();
  expect(now().draft).toBe(now().opened);
  now().type('name', 'Mei Lin');
  now().type('ownPin', '739205');
  now().dropPins();
  expect(now().draft?.texts).toMatchObject({ name: 'Mei Lin', ownPin: '' });
});

test('what is half-typed waits while another line or part is looked at, without its PIN', async () => {
  await open([person('mei'), person('nia')]);
  now().choose('mei');
  now().type('name', 'Mei Lin');
  now().type('pin', '482913');
  now().choose('mei');
  expect(now().draft?.texts).toMatchObject({ name: 'Mei Lin', pin: '482913' });
  now().choose('nia');
  expect(now().draft).toBe(now().opened);
  now().choose('mei');
  expect(now().draft?.texts).toMatchObject({ name: 'Mei Lin', pin: '' });
  now().turnTo('rules');
  expect(now().draft?.texts.name).toBe('Kopi');
  now().turnTo('people');
  expect(now().draft).toMatchObject({ id: 'mei', texts: { name: 'Mei Lin' } });
  now().turnTo('shops');
  now().leave();
  await open([person('mei')]);
  now().choose('mei');
  expect(now().draft?.texts.name).toBe('mei');
});

test('what was saved while another line was looked at is not half-typed any more', async () => {
  await open([person('mei'), person('nia')]);
  now().choose('mei');
  now().type('name', 'Mei Lin');
  void now().save();
  now().choose('nia');
  const saved = person('mei', { version: 2, name: 'Mei Lin' });
  await core.last('documents.save').answer(saved);
  await answer(lastReading(), [saved, person('nia')]);
  now().choose('mei');
  expect(now().draft).toMatchObject({ known: { version: 2 } });
  expect(now().draft).toBe(now().opened);
});

test('where somebody else saved first, her words stand over that version, and the next press saves them', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('name', 'Mei Lin');
  void now().save();
  const first = core.last('documents.save');
  await first.refuse('document_changed');
  void now().refresh();
  const overtaken = core.asked.slice(-6, -3);
  await answer(overtaken, [person('mei', { version: 2, role: 'supervisor' })]);
  expect(now().deed).toMatchObject({ status: 'failed', failure: { code: 'document_changed' } });
  expect(now().draft).toMatchObject({ texts: { name: 'Mei Lin', role: 'supervisor' } });
  void now().save();
  const { input } = core.last('documents.save');
  expect(input).toMatchObject({ baseVersion: 2, body: { name: 'Mei Lin', role: 'supervisor' } });
  expect(input['opId']).not.toBe(first.input['opId']);
});

test('what was typed and is not wanted goes with one press, and nothing is saved', async () => {
  await open([person('mei')]);
  now().choose('mei');
  now().type('name', 'Nobody');
  now().type('login', '');
  await now().save();
  expect(Object.keys(now().problems)).not.toEqual([]);
  now().discard();
  expect(now().draft).toMatchObject({ texts: { name: 'mei', login: 'mei' } });
  expect([now().draft, now().problems]).toEqual([now().opened, {}]);
  expect(core.asked.filter(({ method }) => method === 'documents.save')).toEqual([]);
});

test('a shop has a second name, and none where the field is left empty', async () => {
  await open([]);
  now().turnTo('shops');
  now().choose('store-1');
  now().type('nameZh', ' 加东 ');
  void now().save();
  const saves = () => core.asked.filter(({ method }) => method === 'documents.save');
  expect(saves()[0]?.input).toMatchObject({ kind: 'store', body: { name: 'Katong', nameZh: '加东' } });
  await saves()[0]?.answer({ ...SHOP, body: { ...SHOP.body, version: 2, nameZh: '加东' } });
  await answer(lastReading(), []);
  now().type('nameZh', '');
  void now().save();
  expect(saves()[1]?.input['body']).not.toHaveProperty('nameZh');
});

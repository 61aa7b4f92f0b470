import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from '../../build/shop/child.mjs';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { ROOT } from '../../build/targets.mjs';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import type { CallInput, CoreClient, Output } from '../../electron/contract/index.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import type { ActionReply } from '../../electron/contract/views.ts';
import { AppError } from '../../electron/contract/errors.ts';
import { newId, type CardTypeId, type MemberId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { textSum } from '../../sync/model/message.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { fit } from './hostile-texts.ts';

const MANAGER = { login: 'manager', pin: DEMO_PINS.manager };
/** Of an id about which the rules say no more. */
const ID_MAX = 40;
const NAME_MAX = 60;
export const TAG_MAX = 40;
/** People on the screen of the sign-in. */
export const TILES = 20;

export interface HostileShop {
  url: string;
  folder: string;
  /** The line goes down, and comes back at the same address. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** A centre whose chain, shop and manager are called by hostile texts from its first day, on a PostgreSQL. */
export async function openHostileShop(
  { folder, databaseUrl }: Pick<HostileShop, 'folder'> & { databaseUrl: string },
  texts: readonly string[],
): Promise<HostileShop> {
  const [chainName = '', storeName = '', managerName = ''] = texts.map((text) => fit(text, NAME_MAX));
  const form = {
    ...{ chainName, storeName, managerName, country: 'SG', currency: 'SGD', timeZone: 'Asia/Singapore' },
    ...{ managerLogin: MANAGER.login, managerPin: MANAGER.pin },
    cardKinds: ['stamp', 'points', 'visits', 'credit', 'coupon'],
  };
  const setup = join(folder, 'setup.json');
  writeFileSync(setup, JSON.stringify(form));
  const data = join(folder, 'crm');
  const start = async (port: string): Promise<[Child, string]> => {
    const words = [join(ROOT, 'out/crm/index.cjs'), '--port', port, '--data', data, '--setup', setup];
    const env = { ...process.env, DATABASE_URL: databaseUrl };
    const child = startChild(NODE_PATH, words, { name: 'crm', env });
    return [child, await child.line('listening on ')];
  };
  let [centre, url] = await start('0');
  return {
    url,
    folder,
    cut: () => centre.end(),
    mend: async () => {
      [centre, url] = await start(new URL(url).port);
    },
  };
}

/** A till of the shop without a window, its manager signed in. */
export async function openFiller(
  { url, folder }: HostileShop,
  tillName: string,
): Promise<{ client: CoreClient; core: ForkedCore }> {
  const dataFolder = join(folder, `filler-${newId()}`);
  const core = await forkCore(dataFolder, { COUNTERFOIL_DEMO: '1' }, { execPath: NODE_PATH });
  const client = createCoreClient(core.port);
  const { code } = await askEnrolCode(url, { ...MANAGER, storeId: null });
  await client['till.enrol']({ serverUrl: url, code, tillName: fit(tillName, ID_MAX) });
  await client['session.signIn'](MANAGER);
  return { client, core };
}

const opId = (): OpId => newId<OpId>();
export const mobileOf = (at: number): string => `+65 8123 ${String(at).padStart(4, '0')}`;

/** Whoever is enrolled at another till with the same phone. */
export const TWIN = 'Twin';

/** As a template takes it: what stands in braces would be a placeholder. */
const unbraced = (text: string): string => text.replace(/[{}]/g, '').trim();

/** A document's body; of a person with her PIN. */
type Said = Readonly<Record<string, unknown>> & { pin?: string };

/** Every kind of document that a manager writes, each text in each of its fields. */
async function fillDocuments(client: CoreClient, texts: readonly string[]): Promise<void> {
  const rule = { test: 'known', field: 'tags' };
  const save = (kind: string, id: string, said: Said): Promise<unknown> => {
    const { pin, ...body } = said;
    const saving = { opId: opId(), kind, id, baseVersion: 0, body: { version: 1, ...body } };
    // Cast: the core refuses a kind that there is not.
    return client['documents.save']({ ...saving, ...(pin && { pin }) } as CallInput<'documents.save'>);
  };
  const { enrolment, cardTypes, businessDay } = await client['till.get']({});
  const points = must(
    cardTypes.find(({ kind }) => kind === 'points'),
    'it was set up',
  );
  const rules = { match: 'all', conditions: [rule] };
  for (const [at, text] of texts.entries()) {
    const [id, key] = [`x${at}`, fit(`${at} ${text}`, ID_MAX)];
    const name = fit(text, NAME_MAX);
    const names = { name, nameZh: name };
    const benefits = fit(text, 300);
    await save('group', id, { groupId: id, ...names });
    await save('attribute', id, { attributeId: id, ...names, choices: [text], order: at });
    await save('attribute', `c${at}`, { attributeId: `c${at}`, ...names, of: 'card' });
    await save('segment', id, { segmentId: id, ...names, ...rules });
    const tagRule = { tagRuleId: id, name, tag: fit(text, TAG_MAX), ...rules };
    await save('tag-rule', id, {
      ...tagRule,
      authorTillId: enrolment?.tillId,
      ownerId: 'staff-1',
      isRetired: true,
    });
    const filter = { match: 'all', rules: [{ column: 'notes', op: 'contains', text }] };
    await save('filter', key, { filterId: key, name, filter, search: text });
    await save('tier', key, {
      tierId: key,
      ...names,
      benefits,
      benefitsZh: benefits,
      validFrom: businessDay,
    });
    const template = { templateId: id, name, channel: 'email', purpose: 'service' };
    await save('template', id, { ...template, subject: unbraced(text), body: unbraced(text) });
    await save('store', id, { storeId: id, name, timeZone: 'Asia/Singapore' });
    const reward = { rewardId: key, name: fit(text, 80), nameZh: fit(text, 80), cost: 1 };
    const { cardTypeId: _, earlier: __, ...like } = points;
    await save('card-type', id, {
      ...like,
      cardTypeId: id,
      ...names,
      rewards: [reward],
      validFrom: businessDay,
    });
  }
  const savePerson = async (at: number, text: string): Promise<void> => {
    // As many as find room on tiles come from no other shop.
    const storeId = at < TILES ? {} : { storeId: `x${at}` };
    const names = { name: fit(text, NAME_MAX), login: fit(`${at} ${text}`, ID_MAX) };
    const person = { staffId: `x${at}`, ...names, ...storeId };
    await save('staff', person.staffId, { ...person, role: 'cashier', pinHash: '', pin: '480617' });
  };
  // At once: what takes long is the hash of each PIN, which is made beside the others.
  await Promise.all([...texts.entries()].map(([at, text]) => savePerson(at, text)));
}

const draftOf = (text: string, at: number) => ({
  ...{ lastName: fit(text, 80), firstName: fit(text, 80), prefix: fit(text, 10), mobile: mobileOf(at) },
  ...{ street1: text, street2: text, postalCode: fit(text, 20), city: fit(text, 80), region: fit(text, 80) },
  ...{
    country: fit(text, 60),
    notes: text,
    lookupId: fit(`${at} ${text}`, 40),
    tier: fit(`${at} ${text}`, 40),
  },
});

/** A member of each name, offline, so that another till may do the same. */
async function addMember(client: CoreClient, text: string, at: number): Promise<ActionReply> {
  const extras = {
    tags: [fit(text, TAG_MAX).normalize('NFC')],
    groups: [`x${at}`],
    custom: { [`x${at}`]: text },
  };
  const first = { cardTypeId: `x${at}` as CardTypeId, cardNumber: null, hasMarketingConsent: true };
  return client['members.add']({ opId: opId(), draft: draftOf(text, at), ...first, extras });
}

async function addTwin(client: CoreClient, text: string, at: number): Promise<void> {
  const draft = { lastName: TWIN, firstName: fit(text, 80), notes: text, mobile: mobileOf(at) };
  const twin = { draft, cardTypeId: null, cardNumber: null, hasMarketingConsent: false };
  await client['members.add']({ opId: opId(), ...twin });
}

/** As an end at all: a centre that is this busy answers later. */
const PATIENCE_MS = 60_000;

/** What a cashier is told when the centre, or what was earned here a moment ago, has not arrived in her time. */
const LATE: readonly string[] = ['offline_limit', 'insufficient_balance'];

/** What is spent asks the centre, which a busy machine lets answer too late: the same again, as a cashier would. */
async function spend(client: CoreClient, act: () => Promise<unknown>): Promise<void> {
  for (const endMs = Date.now() + PATIENCE_MS; ;) {
    try {
      await act();
      return;
    } catch (cause) {
      const isLate = cause instanceof AppError && LATE.includes(cause.code);
      if (!isLate || Date.now() > endMs) throw cause;
    }
    await client['sync.run']({});
  }
}

interface Filler {
  client: CoreClient;
  till: Output<'till.get'>;
}

/** Everything else that words go into. */
async function fillMember(
  { client, till }: Filler,
  added: ActionReply,
  [at, text]: readonly [number, string],
): Promise<void> {
  const cardTypeId = `x${at}` as CardTypeId;
  const cardId = must(added.cardId, 'she got a card');
  const { memberId } = added.member;
  const receiptNo = fit(text, 40);
  const byHand = { amountMinor: null, points: 3, reason: text, receiptNo };
  await client['points.credit']({ opId: opId(), cardId, ...byHand });
  await client['points.credit']({
    opId: opId(),
    cardId,
    amountMinor: 900,
    receiptNo,
    points: null,
    reason: '',
  });
  const debit = { opId: opId(), cardId, points: 1, reason: text };
  await spend(client, () => client['points.debit'](debit));
  await client['cards.setData']({ opId: opId(), cardId, custom: { [`c${at}`]: text }, isInstalled: null });
  const { storeId } = must(till.enrolment, 'it is enrolled');
  const receipt = { receiptNo, storeId, day: till.businessDay, amountMinor: 500, note: fit(text, 200) };
  // Cast: the shop's id as the till itself tells it.
  await client['receipts.add']({ opId: opId(), memberId, receipt } as CallInput<'receipts.add'>);
  const redeem = { opId: opId(), cardId, rewardId: fit(`${at} ${text}`, ID_MAX) };
  await spend(client, () => client['rewards.redeem'](redeem));
  const second = await client['cards.issue']({ opId: opId(), memberId, cardTypeId, cardNumber: null });
  const lost = must(second.cardId, 'it was issued');
  await client['cards.reportLost']({ opId: opId(), cardId: lost, reason: text });
  await client['members.setState']({ opId: opId(), memberId, action: 'lock', reason: text });
  const words = { subject: unbraced(text), body: unbraced(text) };
  const message = {
    ...{ templateId: `x${at}`, templateVersion: 1, memberId: memberId as MemberId, segmentId: '' },
    templateSum: textSum({ channel: 'email', purpose: 'service', ...words }),
  };
  if (at % 10 === 0) await client['messages.send']({ opId: opId(), ...message });
}

/**
 * Puts each text into every field that takes text, through the calls that a page makes. Two tills that do not hear of
 * each other enrol people with the same phones, so that each pair waits in the inbox.
 */
export async function fillShop(shop: HostileShop, texts: readonly string[]): Promise<void> {
  const first = await openFiller(shop, texts[0] ?? '');
  await fillDocuments(first.client, texts);
  await first.client['sync.run']({});
  const second = await openFiller(shop, texts[1] ?? '');
  await shop.cut();
  const added: ActionReply[] = [];
  for (const [at, text] of texts.entries()) {
    added.push(await addMember(first.client, text, at));
    await addTwin(second.client, text, at);
  }
  await shop.mend();
  await first.client['sync.run']({});
  const filler = { client: first.client, till: await first.client['till.get']({}) };
  for (const each of texts.entries()) await fillMember(filler, must(added[each[0]], 'she was added'), each);
  for (const { client, core } of [first, second]) {
    await client['sync.run']({});
    await core.close();
  }
}

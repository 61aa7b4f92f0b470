import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTill } from '../../../../../db/till/open.ts';
import type { SpillFile } from '../../../../../db/spill/spill-file.ts';
import { DbError } from '../../../../../db/errors.ts';
import type { CoreConfig } from '../../../../../electron/core/config.ts';
import { createTillSettings } from '../../../../../electron/core/till-settings.ts';
import type { CardView } from '../../../../../electron/contract/views.ts';
import type { CardTypeId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { HoldsRequest } from '../../../../../sync/protocol/holds.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';

let till: TestTill;
afterEach(() => endTestTill(till));

async function enrolWithPoints(points: number): Promise<CardView> {
  await till.signIn('manager');
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', mobile: '9111 0001' },
    cardTypeId: 'points' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  const card = must(member.cards[0], 'enrolled with a card');
  if (points === 0) return card;
  const credit = {
    opId: till.opId(),
    cardId: card.cardId,
    points,
    amountMinor: null,
    receiptNo: '',
    reason: 'x',
  };
  await till.client['points.credit'](credit);
  return card;
}

const debit = (card: CardView, points: number): Promise<string> =>
  till.client['points.debit']({ opId: till.opId(), cardId: card.cardId, points, reason: '' }).then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );

test('without a line, what was earned here and not sent can be spent here, and not a unit more', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  expect(await debit(card, 60)).toBe('done');
  const { dir } = till;
  await till.core.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  expect(await debit(card, 40)).toBe('done');
  expect(await debit(card, 1)).toBe('insufficient_balance');
});

test('what may have been sent is no longer the till’s alone to spend, also after a restart', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  const { dir } = till;
  await till.client['sync.run']({}).catch(() => undefined);
  await till.core.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  expect(await debit(card, 1)).toBe('offline_too_long');
});

test('an amount put right is no gain: what the purchase had brought before may be spent elsewhere already', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(0);
  const bought = await till.client['points.credit']({
    ...{
      opId: till.opId(),
      cardId: card.cardId,
      amountMinor: 5_000,
      points: null,
      receiptNo: '',
      reason: '',
    },
  });
  await till.client['sync.run']({}).catch(() => undefined);
  const edit = { memberId: bought.member.memberId, entryOpId: bought.opId, reason: 'typed wrong' };
  await till.client['purchases.edit']({ ...edit, opId: till.opId(), amountMinor: 5_300 });
  // 53 points instead of 50, of which 50 have left the till.
  expect(await debit(card, 4)).toBe('offline_too_long');
  expect(await debit(card, 3)).toBe('done');
  expect(await debit(card, 1)).toBe('offline_too_long');
});

test('a grant pays in the transaction of its op, and a repeat pays once', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  const { dir } = till;
  await till.client['sync.run']({}).catch(() => undefined);
  await till.core.close();
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const holdId = '0190a000-0000-7000-8000-000000000001';
  createTillSettings(file.settings).setGrants({ [card.accountId]: { holdId, left: 30 } });
  file.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  const order = { opId: till.opId(), cardId: card.cardId, points: 20, reason: '' };
  await till.client['points.debit'](order);
  await till.client['points.debit'](order);
  expect(await debit(card, 11)).toBe('offline_too_long');
  expect(await debit(card, 10)).toBe('done');
  expect(await debit(card, 1)).toBe('offline_too_long');
});

const HOLD_ID = '0190a000-0000-7000-8000-000000000002';

/** A centre that says nothing but what it sets aside: each question waits for `answer`. */
function createHoldsDesk(answer: (asked: HoldsRequest) => Promise<number> | number) {
  const asked: HoldsRequest[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url !== '/v1/holds') return void response.writeHead(404).end();
      const question = HoldsRequest.parse(JSON.parse(Buffer.concat(parts).toString()));
      asked.push(question);
      const reply = async (): Promise<void> => {
        const units = await answer(question);
        const reserved = units === 0 ? null : { holdId: question.reserve?.opId, units };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ reserved, available: units, grants: [] }));
      };
      void reply();
    });
  });
  const listen = (): Promise<string> =>
    new Promise((done) => {
      server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  return { asked, listen, end: () => void (server.closeAllConnections(), server.close()) };
}

/** A till whose 100 points the centre may have, with a grant of `granted` of them, before that desk. */
async function tillBefore(
  serverUrl: string,
  granted: number,
  config: Partial<CoreConfig> = {},
): Promise<CardView> {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  const { dir } = till;
  await till.core.close();
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const settings = createTillSettings(file.settings);
  settings.setEnrolment({ ...must(settings.enrolment(), 'seeded'), serverUrl });
  settings.setSentTseq(file.ops.last()?.tseq ?? 0);
  if (granted > 0) settings.setGrants({ [card.accountId]: { holdId: HOLD_ID, left: granted } });
  file.close();
  till = openTestTill(dir, config);
  await till.signIn('manager');
  return card;
}

/** What the newest op says it was paid with, and what is left of grants, as the file has it. */
function paid(dir: string) {
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const last = file.ops.listAfter((file.ops.last()?.tseq ?? 0) - 1, 1)[0];
  const grants = createTillSettings(file.settings).grants();
  file.close();
  return { opId: last?.op.opId, body: last?.op.body, left: Object.values(grants).map(({ left }) => left) };
}

test('what the till holds for itself it does not ask for: one spend out of a grant and a reservation', async () => {
  const desk = createHoldsDesk(({ reserve }) => reserve?.units ?? 0);
  const card = await tillBefore(await desk.listen(), 30);
  expect(await debit(card, 40)).toBe('done');
  expect(desk.asked.map(({ reserve }) => reserve?.units)).toEqual([10]);
  await till.core.close();
  expect(paid(till.dir)).toMatchObject({
    body: { cover: { gain: 0, grant: 40, floor: 0, holdId: HOLD_ID } },
    left: [0],
  });
  desk.end();
});

test('a core that closes while the centre is asked saves the spend first', async () => {
  const gate: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((done) => (gate.open = done));
  const arrived: { tell: () => void } = { tell: () => undefined };
  const isAsked = new Promise<void>((done) => (arrived.tell = done));
  const desk = createHoldsDesk(async ({ reserve }) => {
    arrived.tell();
    await opened;
    return reserve?.units ?? 0;
  });
  const card = await tillBefore(await desk.listen(), 0);
  const spending = debit(card, 40);
  await isAsked;
  const closing = till.core.close();
  gate.open();
  expect(await spending).toBe('done');
  await closing;
  const { opId, body } = paid(till.dir);
  expect(body).toMatchObject({ cover: { grant: 40, holdId: opId } });
  desk.end();
});

test('what was set aside for a spend that is refused after all is given back', async () => {
  const desk = createHoldsDesk(({ reserve }) => (reserve === null ? 0 : reserve.units - 1));
  const card = await tillBefore(await desk.listen(), 30);
  expect(await debit(card, 40)).toBe('insufficient_balance');
  const opId = desk.asked[0]?.reserve?.opId;
  expect(desk.asked.map(({ reserve, letGo }) => [reserve?.units, letGo])).toEqual([
    [10, []],
    [undefined, [opId]],
  ]);
  await till.core.close();
  expect(paid(till.dir).left).toEqual([30]);
  desk.end();
});

test('units whose giving back was not answered are not reserved again for the same op: that word may come late', async () => {
  const desk = createHoldsDesk(({ reserve }) =>
    reserve === null ? new Promise<number>(() => undefined) : reserve.units - 1,
  );
  const card = await tillBefore(await desk.listen(), 30);
  const order = { opId: till.opId(), cardId: card.cardId, points: 40, reason: '' };
  const press = () => till.client['points.debit'](order);
  await expect(press()).rejects.toMatchObject({ code: 'insufficient_balance' });
  await expect(press()).rejects.toMatchObject({ code: 'offline_too_long' });
  expect(desk.asked.filter(({ reserve }) => reserve !== null)).toHaveLength(1);
  await till.core.close();
  desk.end();
});

test('presses of one op never ask side by side, so that none gives back what another spends under', async () => {
  const [open, most] = [new Set<HoldsRequest>(), { count: 0 }];
  const desk = createHoldsDesk(async (asked) => {
    open.add(asked);
    most.count = Math.max(most.count, open.size);
    await new Promise((resolve) => setImmediate(resolve));
    open.delete(asked);
    return asked.reserve === null ? 0 : asked.reserve.units - 1;
  });
  const card = await tillBefore(await desk.listen(), 30);
  const order = { opId: till.opId(), cardId: card.cardId, points: 40, reason: '' };
  const presses = [1, 2, 3].map(() => till.client['points.debit'](order));
  expect((await Promise.allSettled(presses)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  expect([most.count, desk.asked.length]).toEqual([1, 6]);
  await till.core.close();
  desk.end();
});

/** A spill file whose disk is full as long as it is said to be: what it took last may be in it or not. */
function createFullSpill() {
  const disk = { isFull: false };
  const write = (): void => {
    if (disk.isFull) throw new DbError('full', 'till');
  };
  const still = (): void => undefined;
  const spill: SpillFile = {
    ...{ append: write, appendAll: write, settle: write },
    takeBack: still,
    forget: still,
    close: still,
  };
  return { disk, spill };
}

test('units of a spend that the next start may put back stay reserved, and pay once it is saved', async () => {
  const desk = createHoldsDesk(({ reserve }) => reserve?.units ?? 0);
  const { disk, spill } = createFullSpill();
  const card = await tillBefore(await desk.listen(), 0, { spill });
  const order = { opId: till.opId(), cardId: card.cardId, points: 40, reason: '' };
  const failure = (cause: { code: string }): string => cause.code;
  const appended = spill.append;
  // The disk fills up between the answer of the centre and the save.
  spill.append = (owner, sealed) => {
    disk.isFull = true;
    appended(owner, sealed);
  };
  expect(await till.client['points.debit'](order).catch(failure)).toBe('disk_full');
  expect(desk.asked.map(({ reserve, letGo }) => [reserve?.opId, letGo])).toEqual([[order.opId, []]]);
  spill.append = appended;
  disk.isFull = false;
  await till.client['points.debit'](order);
  expect(desk.asked.map(({ reserve }) => reserve?.opId)).toEqual([order.opId, order.opId]);
  await till.core.close();
  expect(paid(till.dir)).toMatchObject({
    opId: order.opId,
    body: { cover: { grant: 40, holdId: order.opId } },
  });
  desk.end();
});

test('as long as an action that failed may come back, no rule says that nothing was saved', async () => {
  const { disk, spill } = createFullSpill();
  const desk = createHoldsDesk(() => 0);
  const card = await tillBefore(await desk.listen(), 0, { spill });
  disk.isFull = true;
  expect(await debit(card, 1_000)).toBe('disk_full');
  disk.isFull = false;
  expect(await debit(card, 1_000)).toBe('insufficient_balance');
  await till.core.close();
  desk.end();
});

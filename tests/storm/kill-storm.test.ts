import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CoreClient } from '../../electron/contract/index.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type CardId, type CardTypeId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../parts/till.ts';

const KILLS = 300;
/** Each with files of its own: while one is killed another starts. */
const TILLS = 3;
const KILL_WITHIN_MS = 60;
const IN_FLIGHT = 4;

async function openStormShop(): Promise<{ dir: string; cardId: CardId }> {
  const dir = makeFolder();
  await seedFolder(dir);
  writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  const core = await forkCore(dir);
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  const { cardId } = await client['members.add']({
    opId: newId<OpId>(),
    draft: { lastName: 'Storm' },
    cardTypeId: 'coffee' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  await core.close();
  return { dir, cardId: must(cardId, 'enrolled with a card') };
}

interface Storm {
  cardId: CardId;
  /** Ids that were sent and not answered. */
  unanswered: OpId[];
  confirmed: Set<OpId>;
}

/** Presses "+1 stamp" until the core dies; ids without an answer are pressed again first, as a page does. */
async function press(
  { client, cardId, unanswered, confirmed }: Storm & { client: CoreClient },
  onConfirmed: () => void,
): Promise<void> {
  const again = unanswered.splice(0);
  const open = new Set<OpId>(again);
  const one = async (): Promise<void> => {
    for (;;) {
      const opId = again.shift() ?? newId<OpId>();
      open.add(opId);
      await client['stamps.add']({ opId, cardId, count: 1 });
      confirmed.add(opId);
      open.delete(opId);
      onConfirmed();
    }
  };
  await Promise.allSettled(Array.from({ length: IN_FLIGHT }, one));
  unanswered.push(...open);
}

/**
 * One core's life: every fourth is killed while it answers its first press, the others in the thick of it.
 */
async function stormOnce(storm: Storm, core: ForkedCore, isEarly: boolean): Promise<void> {
  const warm = Promise.withResolvers<void>();
  const pressing = press({ ...storm, client: createCoreClient(core.port) }, () => warm.resolve());
  if (!isEarly) await warm.promise;
  // The storm itself: a moment at random. Nothing waits for it to be long enough.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
  await core.kill();
  await pressing;
}

interface Shop extends Storm {
  dir: string;
}

async function stormShop(kills: number): Promise<Shop> {
  const shop: Shop = { ...(await openStormShop()), confirmed: new Set(), unanswered: [] };
  for (let kill = 0; kill < kills; kill += 1) await stormOnce(shop, await forkCore(shop.dir), kill % 4 === 0);
  return shop;
}

/** What a shop's files hold after its last kill, once the presses without an answer were repeated by their ids. */
async function auditShop({ dir, cardId, confirmed, unanswered }: Shop) {
  const core = await forkCore(dir);
  const client = createCoreClient(core.port);
  for (const opId of unanswered) {
    await client['stamps.add']({ opId, cardId, count: 1 });
    confirmed.add(opId);
  }
  const last = await client['stamps.add']({ opId: newId<OpId>(), cardId, count: 1 });
  const { problems, ownOps } = await client['till.verify']({});
  await core.close();
  rmSync(dir, { recursive: true, force: true });
  return { problems, ownOps, units: must(last.member.cards[0], 'has a card').balance.pending };
}

test(`${KILLS} kills of the core at any moment lose nothing that was confirmed and double nothing (I1, I2)`, async () => {
  const shops = await Promise.all(Array.from({ length: TILLS }, () => stormShop(KILLS / TILLS)));
  const found = await Promise.all(shops.map(auditShop));
  // Enrolment, each confirmed press once, and the last one.
  const sound = shops.map(({ confirmed: { size } }) => ({ problems: [], ownOps: size + 2, units: size + 1 }));
  expect(found).toEqual(sound);
  const presses = shops.reduce((sum, { confirmed }) => sum + confirmed.size, 0);
  expect(presses).toBeGreaterThan(KILLS);
  process.stdout.write(`kill storm: ${KILLS} kills, ${presses} confirmed presses, 0 lost, 0 doubled\n`);
});

import { expect, test } from 'vitest';
import { tellWatch } from '../../../../crm/close/tell-watch.ts';
import { nodeCrypto } from '../../../../crm/node-crypto.ts';
import type { CloseCertificate } from '../../../../sync/close/certificate.ts';
import type { WatchFound } from '../../../../sync/close/receipt.ts';
import type { StaffId } from '../../../../sync/base/ids.ts';
import type { CardRef, PenCentre } from '../../../parts/pen.ts';
import { answer, openItems } from './desk.ts';
import { penForEach } from '../pen-for-each.ts';

const DAY_MS = 86_400_000;

let centre: PenCentre;
let tan: CardRef;

penForEach(async (made) => {
  centre = made;
  const pen = await centre.till('till-a');
  tan = pen.enrol({ mobile: '+6591110001' });
  await pen.push();
});

const found = (actorId: string, reason: WatchFound['reason'] = 'noSale'): WatchFound => ({
  ...{ reason, actorId: actorId as StaffId, memberId: tan.memberId, accountId: tan.accountId },
  ...{ entries: 2, units: 40 },
});
/** A till of the store closes `businessDay` and says where to look. */
const close = (businessDay: string, watch: WatchFound[], tillId = 'till-a'): Promise<void> =>
  centre.database.transaction((tx) =>
    tellWatch(tx, {
      certificate: { storeId: 'store-1', tillId, businessDay } as CloseCertificate,
      ...{ watch, headSeq: 1, nowMs: centre.nowMs, crypto: nodeCrypto },
    }),
  );
const looked = async () => (await openItems(centre)).map(({ detail }) => detail);

test('what a close saw waits for a manager, once for a store and a day, whichever till closed first', async () => {
  await close('2026-11-22', [found('mei')]);
  await close('2026-11-22', [found('mei')], 'till-b');
  expect(await looked()).toEqual([
    {
      ...{ kind: 'own_card', businessDay: '2026-11-22', reason: 'noSale', actorId: 'mei' },
      ...{ accountId: tan.accountId, entries: 2, units: 40 },
    },
  ]);
  expect((await openItems(centre))[0]?.memberId).toBe(tan.memberId);
});

test('while nobody has answered, the next day does not say it again; of another person or reason it does', async () => {
  await close('2026-11-22', [found('mei')]);
  await close('2026-11-23', [found('mei'), found('arun'), found('mei', 'spendAfter')]);
  const told = (await looked()).map((detail) =>
    detail.kind === 'own_card' ? `${detail.businessDay} ${detail.actorId} ${detail.reason}` : detail.kind,
  );
  expect(told.sort()).toEqual([
    '2026-11-22 mei noSale',
    '2026-11-23 arun noSale',
    '2026-11-23 mei spendAfter',
  ]);
});

test('found in order it is quiet for 28 days, then told again', async () => {
  await close('2026-11-22', [found('mei')]);
  await answer(centre, (await openItems(centre))[0], { action: 'keep' });
  centre.nowMs += 27 * DAY_MS;
  await close('2026-12-19', [found('mei')]);
  expect(await looked()).toEqual([]);
  centre.nowMs += 2 * DAY_MS;
  await close('2026-12-21', [found('mei')]);
  expect(await looked()).toMatchObject([{ businessDay: '2026-12-21' }]);
});

test('where something is wrong, the next day that shows it is told as well', async () => {
  await close('2026-11-22', [found('mei')]);
  await answer(centre, (await openItems(centre))[0], { action: 'pursue' });
  await close('2026-11-23', [found('mei')]);
  expect(await looked()).toMatchObject([{ businessDay: '2026-11-23' }]);
});

test('nobody answers for herself', async () => {
  await close('2026-11-22', [found('boss')]);
  const [item] = await openItems(centre);
  for (const action of ['keep', 'pursue'] as const)
    await expect(answer(centre, item, { action })).rejects.toThrow(/about you/);
  expect(await looked()).toHaveLength(1);
});

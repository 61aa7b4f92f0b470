import { expect, test } from 'vitest';
import { contract } from '../../../../electron/contract/index.ts';
import { nodeScrypt } from '../../../../electron/core/crypto.ts';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import { WHOLE_CHAIN, type StaffId } from '../../../../sync/base/ids.ts';
import { hashPin } from '../../../../sync/base/pin.ts';
import type { LiveShop } from '../../../parts/live-shop.ts';
import { liveShopForEach } from '../../../parts/live-shop-for-each.ts';
import { addSecond, SECOND } from '../../../parts/second.ts';
import { CASHIER_PIN } from '../../crm/pins.ts';
import { overHttp, TestTill } from '../../crm/test-till.ts';

const DAY_MS = 86_400_000;
let shop: LiveShop;
let other: TestTill;

liveShopForEach(async (opened) => {
  shop = opened;
  await shop.sync();
  other = await TestTill.enrol(overHttp(shop.server.url));
});

const client = () => shop.till.client;
type Asked = Parameters<ReturnType<typeof client>['log.list']>[0];
const list = async (asked: Partial<Asked> = {}) => {
  const view = await client()['log.list']({ businessDay: null, ...asked });
  expect(contract['log.list'].output.parse(view)).toEqual(view);
  return view;
};
const kinds = async (asked: Partial<Asked> = {}) => (await list(asked)).entries.map(({ kind }) => kind);

async function addPerson(login: string, role: 'cashier' | 'supervisor'): Promise<void> {
  const pinHash = await hashPin(CASHIER_PIN, 'c2FsdA==', nodeScrypt);
  const staffId = `staff-${login}` as StaffId;
  const body = { staffId, version: 1, login, name: login, role, pinHash, isGone: false } as const;
  await shop.server.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'staff', id: staffId, body }]),
  );
  await shop.sync();
}

test('who did what over all tills, with what this till has not sent, narrowed by person and kind', async () => {
  const { businessDay } = await list();
  const ref = other.makeMember();
  const there = { businessDay, wallMs: shop.realMs };
  Object.assign(other.ops[0] ?? {}, there);
  other.stamp(ref, 2, { ...there, actorId: 'staff-9' as StaffId });
  await other.sync();
  await shop.stamp(1);
  const { entries, line, decisions } = await list();
  expect(line).toBe('up');
  expect(decisions).toEqual([]);
  expect(entries[0]).toMatchObject({
    kind: 'stamp.added',
    actorName: 'Mei',
    isPending: true,
    memberName: 'Tan',
  });
  expect(entries.map(({ kind, tillName }) => `${kind} ${tillName}`).sort()).toEqual([
    ...['member.created Test till', 'member.created Till 1', 'stamp.added Test till', 'stamp.added Till 1'],
  ]);
  // Nobody knows who that is, so it waits for a manager, and the log says so.
  expect(await kinds({ person: 'staff-9' })).toEqual(['stamp.added']);
  expect((await list({ person: 'staff-9' })).entries[0]).toMatchObject({ held: 'actor_unknown' });
  expect(await kinds({ kind: 'member.created' })).toEqual(['member.created', 'member.created']);
  expect(await kinds({ businessDay: '2026-01-05' })).toEqual([]);
  await shop.lineDown();
  await shop.sync().catch(() => undefined);
  const alone = await list();
  expect([alone.line, alone.entries.map(({ kind }) => kind)]).toEqual([
    'down',
    ['member.created', 'stamp.added'],
  ]);
});

test('a supervisor reads the day that runs, a cashier nothing, and decisions are for managers', async () => {
  await addPerson('ann', 'supervisor');
  await addPerson('ben', 'cashier');
  const facts = {
    exportId: '018f0000-0000-7000-8000-000000000001',
    what: 'members',
    purpose: 'administration',
    of: '',
    rows: 1,
  };
  const { businessDay } = await list();
  const here = { businessDay, wallMs: shop.realMs };
  other.make({ kind: 'export.made', memberId: WHOLE_CHAIN, ...facts, stage: 'whole' }, here);
  await other.sync();
  expect((await list()).decisions.map(({ action }) => action)).toEqual(['export.made']);
  await client()['session.signIn']({ login: 'ann', pin: CASHIER_PIN });
  expect([await kinds(), (await list()).decisions]).toEqual([['member.created', 'export.made'], []]);
  await expect(list({ businessDay: '2026-11-01' })).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(client()['erasures.list']({})).rejects.toMatchObject({ code: 'not_allowed' });
  await client()['session.signIn']({ login: 'ben', pin: CASHIER_PIN });
  await expect(list()).rejects.toMatchObject({ code: 'not_allowed' });
});

test('an anonymised member stands there with each till that has not confirmed, until it has', async () => {
  const { members } = await client()['members.lookup']({ text: 'Tan' });
  const memberId = members[0]?.memberId as never;
  await addSecond(shop.server.centre);
  await other.sync();
  await shop.sync();
  const asked = { memberId, reason: 'asked for it', second: SECOND };
  await client()['members.anonymise']({ opId: shop.till.opId(), ...asked });
  await shop.sync();
  const first = async () => {
    const reply = await client()['erasures.list']({});
    expect(contract['erasures.list'].output.parse(reply)).toEqual(reply);
    return reply.erasures?.[0];
  };
  const { decisions } = await list();
  expect(decisions).toMatchObject([
    { action: 'member.anonymised', objectId: memberId, actorName: 'Mei', secondName: 'Second' },
  ]);
  const told = await first();
  expect(told).toMatchObject({ memberId, tills: 2 });
  expect(told?.missing.map(({ name }) => name)).toContain('Test till');
  expect(told?.backupsUntilMs).toBe((told?.atMs ?? 0) + 35 * DAY_MS);
  shop.realMs += 20 * DAY_MS;
  expect((await first())?.missing.find(({ name }) => name === 'Test till')).toMatchObject({ isAway: true });
  await shop.sync();
  await other.send(other.request({ purgedErasure: 1 }));
  await other.send(other.request({ purgedErasure: 1 }));
  expect((await first())?.missing.map(({ name }) => name)).not.toContain('Test till');
  await shop.lineDown();
  await shop.sync().catch(() => undefined);
  expect(await first()).toBeUndefined();
});

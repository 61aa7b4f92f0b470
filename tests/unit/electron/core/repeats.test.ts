import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createOverlay } from '../../../../electron/core/overlay.ts';
import type { CardTypeId, OpId, StaffId } from '../../../../sync/base/ids.ts';
import { CHAIN_START, sealOp, type Op, type OpBody } from '../../../../sync/model/op.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, createRowTable, IDS, makeOp } from '../../../parts/ops.ts';
import { endTestTill, KEY_HEX, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
});
afterEach(() => endTestTill(till));

const add = (opId: OpId, draft: Record<string, unknown>, cardTypeId: string | null = null) =>
  till.client['members.add']({
    opId,
    draft,
    cardTypeId: cardTypeId as CardTypeId | null,
    cardNumber: null,
    hasMarketingConsent: false,
  });

test('an edit under a known id is only a repeat when it asks for the same fields', async () => {
  const { member } = await add(till.opId(), { lastName: 'Tan' });
  const opId = till.opId();
  const edit = (draft: Record<string, unknown>) =>
    till.client['members.edit']({ opId, memberId: member.memberId, draft });
  await edit({ firstName: 'Wei', mobile: '9111 0001' });
  expect((await edit({ firstName: ' Wei ', mobile: '+65 91110001' })).member.name).toBe('Tan Wei');
  await expect(edit({ firstName: 'Mei', mobile: '9111 0001' })).rejects.toMatchObject({
    code: 'op_id_reused',
  });
  await expect(edit({ email: 'w@example.com' })).rejects.toMatchObject({ code: 'op_id_reused' });
});

test('an enrolment under a known id is only a repeat when the form is the same', async () => {
  const opId = till.opId();
  const first = await add(opId, { lastName: 'Tan', mobile: '9111 0001' }, 'coffee');
  const again = await add(opId, { lastName: 'Tan', mobile: '91110001' }, 'coffee');
  expect(again.member.memberId).toBe(first.member.memberId);
  for (const other of [
    add(opId, { lastName: 'Lim', mobile: '9111 0001' }, 'coffee'),
    add(opId, { lastName: 'Tan', mobile: '9111 0001' }, 'points'),
    add(opId, { lastName: 'Tan', mobile: '9111 0001' }),
  ]) {
    await expect(other).rejects.toMatchObject({ code: 'op_id_reused' });
  }
});

test('text that the centre can not keep, and an id in capitals, are refused before they are an op', async () => {
  for (const lastName of ['Tan \0', 'Tan \ud800']) {
    await expect(add(till.opId(), { lastName })).rejects.toMatchObject({ code: 'bad_request' });
  }
  const capitals = '0190ABCD-0000-7000-8000-000000000001' as OpId;
  await expect(add(capitals, { lastName: 'Tan' })).rejects.toMatchObject({ code: 'bad_request' });
  expect((await till.client['sync.getStatus']({})).outstanding).toBe(0);
});

/** A till with `bodies` as own ops, all numbered by a centre that holds the last one. */
function startHeld(bodies: readonly OpBody[], reason: string) {
  const own = openTill({ path: join(till.dir, 'held-till.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(till.dir, 'held-replica.db'), keyHex: KEY_HEX });
  const centre = createRowTable();
  bodies.forEach((body, at) => {
    const op: Op = {
      ...makeOp(body, { tseq: at + 1, atMs: 1_700_000_000_000 + at }),
      actorId: 'staff-1' as StaffId,
      prev: own.ops.last()?.hash ?? CHAIN_START,
    };
    own.transaction(() => own.ops.append(sealOp(op, testCrypto), []));
    if (at < bodies.length - 1) centre.apply(op);
  });
  own.transaction(() =>
    own.ops.recordAcks(
      [{ firstTseq: 1, count: bodies.length, firstSeq: 1 }],
      [{ tseq: bodies.length, reason }],
    ),
  );
  const rows = { ...EMPTY_ROWS, members: [...centre.members.values()], cards: [...centre.cards.values()] };
  replica.apply(
    { ...rows, accounts: [...centre.accounts.values()] },
    { epoch: 'e', cursor: bodies.length, isSettled: true },
  );
  const laid = createOverlay(own, () => replica).lay(IDS.member);
  own.close();
  replica.close();
  return laid;
}

test('a decision that its actor had no right to has no force on the till either, and stays pending (I7)', () => {
  const state = { kind: 'member.state', memberId: IDS.member, reason: '' } as const;
  const laid = startHeld(
    [createdBody(), { ...state, state: 'blocked', epoch: 0 }, { ...state, state: 'active', epoch: 1 }],
    'not_allowed',
  );
  expect(laid?.member.state).toBe('blocked');
  expect(laid?.openOps).toHaveLength(1);
});

test('an op of a later program is passed over, not a fault of every look-up', () => {
  const later = { kind: 'member.merged', memberId: IDS.member } as unknown as OpBody;
  expect(startHeld([createdBody(), later], 'bad_body')?.member.lastName).toBe('Tan');
});

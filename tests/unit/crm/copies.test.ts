import { expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { sqlStore } from '../../../crm/sql-store.ts';
import { bookStrays } from '../../../crm/strays.ts';
import { openUnit, saveUnit } from '../../../crm/unit.ts';
import {
  EnrolReply,
  ExchangeReply,
  IncarnationReply,
  StraysReply,
  type IncarnationRequest,
  type StraysRequest,
} from '../../../sync/protocol/exchange.ts';
import { centreForAll } from './centre-for-all.ts';
import { codeOf, makeCode, TestTill, type CardRef } from './test-till.ts';

const open = centreForAll();
const { post } = open;

const seqNow = async (): Promise<number> => (await verifyCentre(open.centre)).seq;
const balanceOf = async ({ accountId }: CardRef): Promise<number> => {
  const text = 'select balance from accounts where account_id = $1';
  const [row] = await rowsOf<{ balance: number }>(open.centre.database.sql, text, [accountId]);
  return row?.balance ?? 0;
};
const book = (till: TestTill) =>
  open.centre.database.transaction(async (tx) => {
    const unit = await openUnit(sqlStore(tx, open.centre.crypto, null), open.centre.clock.nowMs());
    const booked = await bookStrays(unit, till.enrolled.tillId, 'staff-1');
    await saveUnit(unit);
    return booked;
  });

const beginRequest = (till: TestTill, requestId: string): IncarnationRequest => ({
  protocol: 1,
  tillId: till.enrolled.tillId,
  incarnation: till.incarnation,
  lastTseq: till.ops.length,
  requestId,
});
const begin = async (till: TestTill, requestId = 'a'.repeat(32)): Promise<IncarnationReply> =>
  IncarnationReply.parse((await till.sendTo('/v1/incarnations', beginRequest(till, requestId))).body);

/** What `old` never had acknowledged, sent by the copy that goes on. */
const straysOf = (old: TestTill, live: TestTill): StraysRequest => {
  const batch = old.pack(old.ops.slice(old.ackedTseq));
  if (batch === null) throw new Error('nothing to send');
  const from = { incarnation: old.incarnation, tseq: old.ackedTseq, hash: old.hashAt(old.ackedTseq) };
  return { protocol: 1, tillId: live.enrolled.tillId, incarnation: live.incarnation, from, batch };
};
const goOn = (old: TestTill, reply: Pick<IncarnationReply, 'incarnation' | 'cardBlock'>): TestTill =>
  new TestTill(post, { ...old.enrolled, ...reply }, old.secretKey);

/** A till with a member and ten stamps, all acknowledged. */
async function busyTill(): Promise<{ till: TestTill; ref: CardRef }> {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  for (let count = 0; count < 10; count += 1) till.stamp(ref);
  await till.sync();
  return { till, ref };
}

test('each ack gives a new token; an exchange without ops keeps it', async () => {
  const { till, ref } = await busyTill();
  const { fence } = till;
  expect(fence).toMatch(/^[0-9a-f]{32}$/);
  expect((await till.exchange()).fence).toBe(fence);
  till.stamp(ref);
  expect((await till.exchange()).fence).not.toBe(fence);
});

test('an answer that got lost is no reason for anything: the chain says so, whatever the token', async () => {
  const { till, ref } = await busyTill();
  const before = till.fence;
  till.stamp(ref);
  await till.send();
  expect(till.fence).toBe(before);
  till.stamp(ref);
  expect((await till.exchange()).hiTseq).toBe(13);
  expect(await balanceOf(ref)).toBe(12);
});

test('a till put back from a copy is told so, also in an exchange without ops, and nothing changes', async () => {
  const { till } = await busyTill();
  const restored = till.clone(6);
  const before = await verifyCentre(open.centre);
  expect(codeOf(await restored.send(restored.request({ ops: [] })))).toBe('till_restored');
  restored.ackedTseq = 3;
  expect(codeOf(await restored.send())).toBe('till_restored');
  expect(await verifyCentre(open.centre)).toEqual(before);
});

test('a restored till goes on under a new incarnation: numbers from 1, cards of a new block', async () => {
  const { till, ref } = await busyTill();
  const reply = await begin(till.clone(6));
  expect(reply.incarnation).toBe(2);
  expect(reply.cardBlock.blockId).toBeGreaterThan(till.lastBlockId);
  const frozen = await rowsOf<{ state: string }>(
    open.centre.database.sql,
    'select state from card_blocks where till_id = $1 order by block_id',
    [till.enrolled.tillId],
  );
  expect(frozen.map((block) => block.state)).toEqual(['frozen', 'granted']);
  const next = goOn(till, reply);
  next.stamp(ref);
  expect((await next.exchange()).acks[0]).toMatchObject({ firstTseq: 1, count: 1 });
  expect(await balanceOf(ref)).toBe(11);
  expect(codeOf(await till.send())).toBe('till_forked');
});

test('the same request again gives the same incarnation and block, not another one', async () => {
  const { till } = await busyTill();
  const restored = till.clone(6);
  expect(await begin(restored)).toEqual(await begin(restored));
  const other = await restored.sendTo('/v1/incarnations', beginRequest(restored, 'b'.repeat(32)));
  expect([other.status, codeOf(other)]).toEqual([409, 'till_forked']);
});

test('a till that has everything gets no new incarnation', async () => {
  const { till } = await busyTill();
  const reply = await till.sendTo('/v1/incarnations', beginRequest(till, 'c'.repeat(32)));
  expect([reply.status, codeOf(reply)]).toEqual([400, 'bad_request']);
});

test('of two living copies one is stopped, its operations are kept, and a manager is told once', async () => {
  const { till, ref } = await busyTill();
  const clone = till.clone();
  till.stamp(ref);
  await till.exchange();
  clone.stamp(ref, 5);
  const before = await seqNow();
  expect(codeOf(await clone.send())).toBe('till_forked');
  expect(codeOf(await clone.send())).toBe('till_forked');
  expect([await seqNow(), await balanceOf(ref)]).toEqual([before, 11]);
  const { sql } = open.centre.database;
  const strays = await rowsOf<{ id: string }>(sql, 'select op_id as id from stray_ops where till_id = $1', [
    till.enrolled.tillId,
  ]);
  expect(strays.map(({ id }) => id)).toEqual([clone.ops.at(-1)?.opId]);
  const items = await rowsOf<{ kind: string }>(sql, 'select kind from inbox where till_id = $1', [
    till.enrolled.tillId,
  ]);
  expect(items.map((item) => item.kind)).toEqual(['till_forked']);
});

test('a copy that sends what both have again hears the fates of that, not of what the other made behind it', async () => {
  const { till, ref } = await busyTill();
  const clone = till.clone();
  till.stamp(ref);
  await till.exchange();
  clone.stamp(ref, 5);
  clone.ackedTseq = 6;
  const again = await clone.send(clone.request({ ops: clone.ops.slice(6, 9) }));
  const { acks, hiTseq } = ExchangeReply.parse(again.body);
  expect([hiTseq, acks.map(({ firstTseq, count }) => [firstTseq, count])]).toEqual([12, [[7, 3]]]);
  clone.ackedTseq = 9;
  expect(codeOf(await clone.send())).toBe('till_forked');
});

test('strays change nothing until a manager books them; then each counts once, repeats and known ones never', async () => {
  const { till, ref } = await busyTill();
  const clone = till.clone(9);
  clone.ackedTseq = 9;
  clone.stamp(ref, 5);
  clone.stamp(ref, 7);
  expect(codeOf(await clone.send())).toBe('till_forked');
  const code = await makeCode(post);
  const renewal = {
    ...{ protocol: 1, code, tillName: 'Till', signKey: 'f'.repeat(64) },
    renews: { tillId: till.enrolled.tillId, incarnation: 1 },
  };
  const enrolled = EnrolReply.parse((await clone.sendTo('/v1/enrol', renewal)).body);
  expect([enrolled.tillId, enrolled.incarnation]).toEqual([till.enrolled.tillId, 2]);
  const next = new TestTill(post, enrolled, till.secretKey);
  clone.ackedTseq = 5;
  const send = async (): Promise<StraysReply> =>
    StraysReply.parse((await next.sendTo('/v1/strays', straysOf(clone, next))).body);
  expect([await send(), await send()]).toEqual([
    { known: 4, kept: 2 },
    { known: 4, kept: 2 },
  ]);
  expect(await balanceOf(ref)).toBe(10);
  expect(await book(till)).toMatchObject({ booked: 2, dropped: 0 });
  expect(await book(till)).toMatchObject({ booked: 0, dropped: 0 });
  expect(await balanceOf(ref)).toBe(22);
  expect((await verifyCentre(open.centre)).problems).toEqual([]);
  next.stamp(ref);
  expect((await next.exchange()).hiTseq).toBe(1);
});

test('a renewal needs the till’s own key, and shuts out the copy that has the old secret', async () => {
  const { till, ref } = await busyTill();
  const stranger = await TestTill.enrol(post);
  const renews = { tillId: till.enrolled.tillId, incarnation: 1 };
  const renewal = { protocol: 1, code: await makeCode(post), tillName: 'T', signKey: 'f'.repeat(64), renews };
  expect(codeOf(await stranger.sendTo('/v1/enrol', renewal))).toBe('bad_signature');
  const next = new TestTill(
    post,
    EnrolReply.parse((await till.sendTo('/v1/enrol', renewal)).body),
    till.secretKey,
  );
  till.stamp(ref);
  expect((await till.send()).status).toBe(401);
  next.stamp(ref);
  expect((await next.exchange()).hiTseq).toBe(1);
});

test('an earlier copy can send no strays', async () => {
  const { till, ref } = await busyTill();
  const restored = till.clone(6);
  const next = goOn(till, await begin(restored));
  till.stamp(ref);
  const old = await till.sendTo('/v1/strays', straysOf(till, till));
  expect([old.status, codeOf(old)]).toEqual([409, 'till_forked']);
  expect((await next.sendTo('/v1/strays', straysOf(till, next))).body).toEqual({ known: 0, kept: 1 });
});

test('two copies that made different operations under one number are both booked', async () => {
  const { till, ref } = await busyTill();
  const copies = [till.clone(), till.clone()];
  const next = goOn(till, await begin(till.clone(6)));
  for (const copy of copies) {
    copy.ackedTseq = 11;
    copy.stamp(ref, 5);
    expect((await next.sendTo('/v1/strays', straysOf(copy, next))).body).toEqual({ known: 0, kept: 1 });
  }
  expect(await book(till)).toEqual({ booked: 2, dropped: 0 });
  expect(await balanceOf(ref)).toBe(20);
});

test('a till that is further than a restored centre goes on behind its own incarnation', async () => {
  const { till } = await busyTill();
  const renews = { tillId: till.enrolled.tillId, incarnation: 4 };
  const renewal = { protocol: 1, code: await makeCode(post), tillName: 'T', signKey: 'f'.repeat(64), renews };
  expect(EnrolReply.parse((await till.sendTo('/v1/enrol', renewal)).body).incarnation).toBe(5);
});

test('a till that claims more incarnations than there can be is refused, and nothing is changed', async () => {
  const { till } = await busyTill();
  for (const incarnation of [1_002, Number.MAX_SAFE_INTEGER]) {
    const renews = { tillId: till.enrolled.tillId, incarnation };
    const renewal = {
      protocol: 1,
      code: await makeCode(post),
      tillName: 'T',
      signKey: 'f'.repeat(64),
      renews,
    };
    expect(codeOf(await till.sendTo('/v1/enrol', renewal))).toBe('bad_request');
  }
  expect((await till.send()).status).toBe(200);
});

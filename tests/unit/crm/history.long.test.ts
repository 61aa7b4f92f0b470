import { expect, test } from 'vitest';
import { countAnew } from '../../../crm/count-anew.ts';
import { readHead, type FeedHead } from '../../../crm/repos/feed-head.ts';
import { must } from '../../../sync/base/must.ts';
import { ExchangeReply } from '../../../sync/protocol/exchange.ts';
import { centreForAll } from './centre-for-all.ts';
import { codeOf, TestTill } from './test-till.ts';

const open = centreForAll();
const { post } = open;

const head = (): Promise<FeedHead> => readHead(open.centre.database.sql);
const NEVER = { seq: 1, hash: 'f'.repeat(32) };

/** A till that has what the centre has, and the mark that it was given. */
async function tillWithMark(): Promise<{ till: TestTill; mark: string }> {
  const till = await TestTill.enrol(post);
  till.stamp(till.makeMember());
  const replies = await till.sync();
  return { till, mark: must(replies.at(-1)?.mark, 'every till is given one') };
}

test('a till is given a mark of the last op, and not the same a second time', async () => {
  const { till, mark } = await tillWithMark();
  const again = ExchangeReply.parse((await till.send({ ...till.request(), mark })).body);
  expect(again.mark).toBeUndefined();
  till.stamp(till.makeMember());
  const later = ExchangeReply.parse((await till.send({ ...till.request(), mark })).body);
  expect(later.mark).not.toBe(mark);
});

test('what the centre never said, or said in another epoch, moves nothing', async () => {
  const { till, mark } = await tillWithMark();
  const { epoch } = await head();
  const elsewhere = await open.centre.history.markOf('another epoch', NEVER);
  const bent = [mark.replace(/^./, '1'), mark.replace(/.$/, (last) => (last === '0' ? '1' : '0'))];
  const swapped = mark.replace(/\..{8}/, `.${'f'.repeat(8)}`);
  for (const shown of ['', 'nonsense', ...bent, swapped, elsewhere]) {
    const { status } = await till.send({ ...till.request(), mark: shown });
    expect([shown, status]).toEqual([shown, 200]);
  }
  expect((await head()).epoch).toBe(epoch);
});

test('what it did say and has not any more: it counts anew, once for all who show it, and passes over what it may have given', async () => {
  const [{ till }, { till: other }] = [await tillWithMark(), await tillWithMark()];
  const before = await head();
  const mark = await open.centre.history.markOf(before.epoch, NEVER);
  const requests = [till, other].map((each) => ({ ...each.request(), mark }));
  const [one, two] = await Promise.all([till.send(requests[0]), other.send(requests[1])]);
  expect([codeOf(one), codeOf(two)]).toEqual(['epoch_changed', 'epoch_changed']);
  const after = await head();
  expect(after).toEqual({
    ...before,
    epoch: expect.not.stringContaining(before.epoch) as string,
    nextBlockId: before.nextBlockId + 1_000,
    nextCardSerial: before.nextCardSerial + 100_000,
  });
  expect(codeOf(await till.send(requests[0]))).toBe('epoch_changed');
  expect(await head()).toEqual(after);
});

test('a centre that is told so counts anew, and its files get new numbers', async () => {
  const before = await head();
  await open.centre.database.transaction((tx) => countAnew(tx, open.centre.crypto));
  const { epoch, nextCardSerial } = await head();
  expect(epoch).not.toBe(before.epoch);
  expect(nextCardSerial).toBe(before.nextCardSerial + 100_000);
});

import { expect, test } from 'vitest';
import { CentreFault } from '../../../../electron/core/centre-client.ts';
import { SendAhead, type Asking, type SendFrom } from '../../../../electron/core/send-ahead.ts';
import { must } from '../../../../sync/base/must.ts';
import type { ExchangeReply, ExchangeRequest } from '../../../../sync/protocol/exchange.ts';

const OPS_EACH = 10;
const at = (tseq: number): SendFrom => ({ tseq, hash: `${tseq}` });

/** A till with `count` ops whose requests the test answers one by one. */
function openTill(count: number) {
  const till = { acked: 0, cursor: 7 };
  const sent: { from: number; answer: PromiseWithResolvers<ExchangeReply> }[] = [];
  const asking: Asking = {
    start: () => at(till.acked),
    cursor: () => till.cursor,
    request: ({ tseq }) => {
      const end = Math.min(tseq + OPS_EACH, count);
      // Cast: nothing else of a request is looked at.
      const request = { ackedTseq: tseq, cursor: till.cursor } as ExchangeRequest;
      return { request, next: end === count ? null : at(end) };
    },
    send: ({ ackedTseq }) => {
      const answer = Promise.withResolvers<ExchangeReply>();
      sent.push({ from: ackedTseq, answer });
      return answer.promise;
    },
    pause: () => Promise.resolve(),
  };
  const request = (which: number) => must(sent[which], 'it was sent');
  return {
    ...{ till, asking },
    froms: () => sent.map(({ from }) => from),
    /** Answers the request; the ops in it are acknowledged. */
    take: (which: number) => {
      const hiTseq = Math.min(request(which).from + OPS_EACH, count);
      // Cast: nothing else of an answer is looked at.
      request(which).answer.resolve({ hiTseq } as ExchangeReply);
    },
    refuse: (which: number, code: string) =>
      request(which).answer.reject(new CentreFault({ kind: 'refused', code }, code)),
  };
}

/** All that leaves without an answer has left. */
const allSent = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is left of a backlog leaves before the first answer, five requests at most', async () => {
  const { asking, froms, take, till } = openTill(100);
  const ahead = new SendAhead();
  const first = ahead.answer(asking);
  await allSent();
  expect(froms()).toEqual([0, 10, 20, 30, 40]);
  take(0);
  till.acked = (await first).hiTseq;
  const second = ahead.answer(asking);
  await allSent();
  expect(froms()).toEqual([0, 10, 20, 30, 40, 50]);
  take(1);
  expect((await second).hiTseq).toBe(20);
});

test('answers are taken in the order of the ops, whichever comes first', async () => {
  const { asking, take, till } = openTill(30);
  const ahead = new SendAhead();
  const first = ahead.answer(asking);
  await allSent();
  take(2);
  take(1);
  take(0);
  till.acked = (await first).hiTseq;
  till.acked = (await ahead.answer(asking)).hiTseq;
  expect(till.acked).toBe(20);
  expect((await ahead.answer(asking)).hiTseq).toBe(30);
});

test('nothing that followed a request without an answer is taken: its ops are sent again', async () => {
  const { asking, froms, take, refuse } = openTill(30);
  const ahead = new SendAhead();
  const first = ahead.answer(asking);
  await allSent();
  take(1);
  refuse(0, 'unreachable');
  await expect(first).rejects.toThrow('unreachable');
  const again = ahead.answer(asking);
  await allSent();
  expect(froms()).toEqual([0, 10, 20, 0, 10, 20]);
  take(3);
  expect((await again).hiTseq).toBe(10);
});

test.each(['tseq_gap', 'till_restored'])(
  'one that was refused out of its turn (%s) is sent again, then told',
  async (code) => {
    const { asking, froms, take, refuse, till } = openTill(30);
    const ahead = new SendAhead();
    const first = ahead.answer(asking);
    await allSent();
    take(0);
    till.acked = (await first).hiTseq;
    const second = ahead.answer(asking);
    await allSent();
    refuse(1, code);
    await allSent();
    expect(froms()).toEqual([0, 10, 20, 10, 20]);
    refuse(3, code);
    await expect(second).rejects.toThrow(code);
  },
);

test('an answer with rows for a copy that has moved on meanwhile is not taken', async () => {
  const { asking, froms, take, till } = openTill(20);
  const ahead = new SendAhead();
  const first = ahead.answer(asking);
  await allSent();
  take(0);
  till.acked = (await first).hiTseq;
  till.cursor = 9;
  void ahead.answer(asking);
  await allSent();
  expect(froms()).toEqual([0, 10, 10]);
});

test('each request leaves before the next one is made', async () => {
  const { asking, froms, take } = openTill(30);
  const seen: number[][] = [];
  const pausing = { ...asking, pause: async () => void seen.push(froms()) };
  const first = new SendAhead().answer(pausing);
  await allSent();
  take(0);
  await first;
  expect(seen).toEqual([[0], [0, 10]]);
});

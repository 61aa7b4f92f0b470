import { expect, test } from 'vitest';
import { spendsAfter } from '../../../../electron/core/exchange-step.ts';
import { must } from '../../../../sync/base/must.ts';
import { createMemoryTill } from '../../../parts/memory-till.ts';
import { accountId, gainSpend, opChain, stamp } from '../../db/samples.ts';

test('a request names the later spends of what its own ops earn, and no others', () => {
  const till = createMemoryTill();
  const next = opChain();
  const ops = [stamp(1, 3), stamp(2, 3), gainSpend(1, 2), gainSpend(2, 1)].map((body) => next(body));
  till.transaction(() => ops.forEach((sealed) => till.ops.append(sealed, [])));
  const all = till.ops.listAfter(0, 9);
  const idOf = (at: number) => must(ops[at], 'made above').op.opId;
  const of = (from: number, to: number) => spendsAfter(till, all.slice(from, to));
  const [ofFirst, ofSecond] = [
    { opId: idOf(2), accountId: accountId(1), gain: 2, grant: 0 },
    { opId: idOf(3), accountId: accountId(2), gain: 1, grant: 0 },
  ];
  expect(of(0, 1)).toEqual([ofFirst]);
  expect(of(0, 2)).toEqual([ofFirst, ofSecond]);
  expect(of(1, 3)).toEqual([ofSecond]);
  expect([of(0, 4), of(0, 0)]).toEqual([[], []]);
});

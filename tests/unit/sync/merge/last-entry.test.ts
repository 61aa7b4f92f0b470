import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';

const MINUTE_MS = 60_000;

test('an account says the whole minute of its latest entry, in whatever order entries come', () => {
  const times = fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(times, (all) => {
      const table = createRowTable();
      table.apply(makeOp(createdBody()));
      for (const atMs of all) {
        const stamp = {
          kind: 'stamp.added',
          ...ON_CARD,
          count: 1,
          amountMinor: null,
          receiptNo: '',
        } as const;
        table.apply(makeOp(stamp, { atMs }));
      }
      const { lastEntryAtMs, entryCount } = table.accounts.get(IDS.account) ?? {};
      expect(lastEntryAtMs).toBe(Math.floor(Math.max(...all) / MINUTE_MS) * MINUTE_MS);
      expect(entryCount).toBe(all.length);
    }),
  );
});

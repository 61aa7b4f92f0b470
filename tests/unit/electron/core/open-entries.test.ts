import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { openEntries } from '../../../../electron/core/close/open-entries.ts';
import { createOverlay } from '../../../../electron/core/overlay.ts';
import { newId, type MemberId, type OpId } from '../../../../sync/base/ids.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { CHAIN_START, sealOp, type OpBody } from '../../../../sync/model/op.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, createRowTable, makeOp, ON_CARD } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const DAY = '2026-11-22';
const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const newMember = (): OpBody => ({ ...createdBody(), memberId: newId<MemberId>(), card: null }) as OpBody;
const stamp = (count: number): OpBody => ({
  ...{ kind: 'stamp.added', ...ON_CARD, count, amountMinor: null, receiptNo: '' },
});

function startTill() {
  const path = join(folder, newId());
  const till = openTill({ path: `${path}.till`, keyHex: KEY_HEX });
  const replica = openReplica({ path: `${path}.replica`, keyHex: KEY_HEX });
  const overlay = createOverlay(till, () => replica);
  const centre = createRowTable();
  let [told, lays] = [0, 0];
  return {
    append: (body: OpBody): OpId => {
      const last = till.ops.last();
      const tseq = (last?.tseq ?? 0) + 1;
      const op = {
        ...makeOp(body, { tseq, atMs: 1_700_000_000_000 + tseq }),
        prev: last?.hash ?? CHAIN_START,
      };
      till.transaction(() => till.ops.append(sealOp(op, testCrypto), []));
      return op.opId;
    },
    /** The centre has all, and the copy too. */
    settle: (): void => {
      const firstSeq = centre.seqNow() + 1;
      const fresh = till.ops.listAfter(told, 1_000);
      for (const { op } of fresh) centre.apply(op);
      till.ops.recordAcks([{ firstTseq: told + 1, count: fresh.length, firstSeq }], []);
      told += fresh.length;
      const rows = {
        ...EMPTY_ROWS,
        members: [...centre.members.values()],
        cards: [...centre.cards.values()],
        accounts: [...centre.accounts.values()],
        entries: [...centre.entries.values()],
      };
      replica.apply(rows, { epoch: 'e', cursor: centre.seqNow(), isSettled: true });
    },
    /** Deltas of the open entries, and how many members were laid for them. */
    look: (known: readonly OpId[] = []) => {
      lays = 0;
      const counted = {
        ...overlay,
        lay: (memberId: MemberId) => {
          lays += 1;
          return overlay.lay(memberId);
        },
      };
      const found = openEntries({ till, replica: () => replica, overlay: counted }, DAY, new Set(known));
      return { deltas: found.map(({ delta }) => delta), lays };
    },
    close: (): void => {
      till.close();
      replica.close();
    },
  };
}

let part: ReturnType<typeof startTill>;
beforeEach(() => {
  part = startTill();
});
afterEach(() => part.close());

test('a day of an import lays nobody: neither new members nor changes of them have an entry', () => {
  for (let count = 0; count < 50; count += 1) part.append(newMember());
  part.append({ kind: 'member.changed', memberId: ON_CARD.memberId, fields: { firstName: 'A' } });
  expect(part.look()).toEqual({ deltas: [], lays: 0 });
});

test('what the copy holds whole lays nobody; what came since stands there, once', () => {
  part.append(createdBody());
  const first = part.append(stamp(2));
  part.settle();
  expect(part.look()).toEqual({ deltas: [], lays: 0 });
  const second = part.append(stamp(3));
  part.append(stamp(4));
  expect(part.look([first]).deltas).toEqual([3, 4]);
  expect(part.look([first, second]).deltas).toEqual([4]);
});

test('a card that begins with units has its entry before the centre knows of it', () => {
  const created = createdBody();
  if (created.kind !== 'member.created' || created.card === null) throw new Error('made with a card');
  part.append({ ...created, card: { ...created.card, openingUnits: 5 } });
  expect(part.look().deltas).toEqual([5]);
});

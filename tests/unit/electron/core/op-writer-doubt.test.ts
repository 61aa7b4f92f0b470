import { expect, test } from 'vitest';
import { DbError } from '../../../../db/errors.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { createOpWriter } from '../../../../electron/core/op-writer.ts';
import type { Session } from '../../../../electron/contract/till.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { stamp } from '../../db/samples.ts';

const io = (): never => {
  throw new DbError('io', 'till');
};

/** A till file whose commits fail, and which can not be read right after. */
function createWriter() {
  const state = { isReadable: true, taken: 0, appended: 0 };
  const till = {
    transaction: (act: () => unknown) => {
      act();
      state.isReadable = false;
      return io();
    },
    ops: {
      find: () => (state.isReadable ? undefined : io()),
      last: () => null,
      append: () => undefined,
      allowTurn: () => undefined,
    },
    stock: { isMine: () => false },
    closes: { find: () => undefined },
  } as unknown as TillDb;
  const parts = {
    till,
    directory: { staff: () => undefined, isGuarded: () => false, businessDay: () => '2026-11-22' },
    settings: {
      ...{ enrolment: () => ({ tillId: 't', incarnation: 1, storeId: 's' }), setClock: () => undefined },
      mended: () => null,
    },
    crypto: testCrypto,
    clock: { nowMs: () => 1_700_000_000_000, wallMs: () => 1_700_000_000_000 },
    isUpdateNeeded: () => false,
    spill: {
      append: () => void (state.appended += 1),
      appendAll: () => undefined,
      takeBack: () => void (state.taken += 1),
      settle: () => undefined,
    },
    onSaved: () => undefined,
    onSavedAll: () => undefined,
  };
  // Cast: what a stamp is saved with, and no more.
  return { state, writer: createOpWriter(parts as unknown as Parameters<typeof createOpWriter>[0]) };
}

test('what failed and could not be looked for is looked for again before anything is said of it', () => {
  const { state, writer } = createWriter();
  // Cast: of the session only the person is asked.
  const session = { person: { staffId: 'staff-1', role: 'manager' } } as unknown as Session;
  const make = () => ({ body: stamp(1) });
  const intent = { opId: newId<OpId>(), session, kind: 'stamp.added' as const, asked: {}, make };
  expect(() => writer.commit(intent)).toThrow(expect.objectContaining({ code: 'io' }));
  expect([state.appended, state.taken]).toEqual([1, 0]);
  expect(() => writer.settle()).toThrow(expect.objectContaining({ code: 'io' }));
  state.isReadable = true;
  writer.settle();
  writer.settle();
  expect(state.taken).toBe(1);
});

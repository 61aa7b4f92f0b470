import { expect, test } from 'vitest';
import { AppError } from '../../../../electron/contract/errors.ts';
import { act } from '../../../../electron/core/act.ts';
import type { Ctx } from '../../../../electron/core/ctx.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { cardId } from '../../db/samples.ts';

const savedId = newId<OpId>();

/** A till whose rules refuse every stamp, with one op in its file. */
function press(opId: OpId): unknown {
  // Cast: a stamp that is refused wants only these.
  const ctx = {
    session: { person: { staffId: 's' } },
    till: { ops: { find: (id: OpId) => (id === savedId ? {} : undefined) } },
    writer: {
      settle: () => undefined,
      commit: () => {
        throw new AppError('card_replaced', 'Nothing was saved.');
      },
    },
  } as unknown as Ctx;
  return act('stamps.add', ctx, { opId, cardId: cardId(1), count: 1 });
}

test('an action that is saved is never told as refused, whatever its rules say by now', () => {
  expect(() => press(savedId)).toThrow(expect.objectContaining({ code: 'saved_not_shown' }));
  expect(() => press(newId<OpId>())).toThrow(expect.objectContaining({ code: 'card_replaced' }));
});

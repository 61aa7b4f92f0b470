import { pino } from 'pino';
import { expect, test } from 'vitest';
import { DbError } from '../../../../db/errors.ts';
import { createPortPair, Reply } from '../../../../electron/contract/port.ts';
import type { Core } from '../../../../electron/core/ctx.ts';
import { takeTillSeat } from '../../../../electron/core/seat.ts';
import { serve } from '../../../../electron/core/server.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { cardId, memberId, opChain, stamp } from '../../db/samples.ts';

const stored = { ...opChain()(stamp(1)), ackSeq: null, heldReason: null };

/** A core that has saved a stamp and then can not read the member. */
async function stampWith(
  lay: () => undefined,
): Promise<{ reply: Reply; faults: DbError[]; commits: number }> {
  const faults: DbError[] = [];
  let commits = 0;
  // Cast: a stamp that is saved already wants only these.
  const core = {
    sessions: { resume: () => ({ person: { staffId: 's' } }) },
    writer: {
      settle: () => undefined,
      commit: () => {
        commits += 1;
        return stored;
      },
    },
    overlay: { lay },
    onDbError: (error: DbError) => void faults.push(error),
    log: pino({ level: 'silent' }),
  } as unknown as Core;
  const [page, own] = createPortPair();
  serve(core, own, takeTillSeat(core, 'page'));
  const heard = new Promise((resolve) => page.onMessage(resolve));
  const input = { opId: newId<OpId>(), cardId: cardId(1), count: 1 };
  page.post({ t: 'request', id: '1', method: 'stamps.add', input });
  return { reply: Reply.parse(await heard), faults, commits };
}

test('an action that is in its file is never told as not saved, though the copy is damaged', async () => {
  const damage = new DbError('damaged', 'replica');
  const { reply, faults, commits } = await stampWith(() => {
    throw damage;
  });
  expect([reply.ok, commits]).toEqual([false, 1]);
  expect(reply).toMatchObject({ error: { code: 'saved_not_shown' } });
  expect(JSON.stringify(reply)).not.toMatch(/othing was (saved|booked)|not saved/);
  expect(faults).toEqual([damage]);
});

test('nor when the copy was just replaced, and the member is not in the new one yet', async () => {
  const { reply, faults } = await stampWith(() => undefined);
  expect(reply).toMatchObject({ error: { code: 'saved_not_shown' } });
  expect([stored.op.body.memberId, faults]).toEqual([memberId(1), []]);
});

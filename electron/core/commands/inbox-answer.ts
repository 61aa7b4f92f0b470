import type { StaffId } from '../../../sync/base/ids.ts';
import type { InboxAnswer } from '../../../sync/protocol/inbox.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { CentreClient } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, managerOf, noLine, toDeskError } from '../inbox/desk.ts';
import { repairedBody } from '../inbox/repair.ts';

type Said = Input<'inbox.answer'>['answer'];

const NEEDS_REASON: ReadonlySet<Said['action']> = new Set<Said['action']>([
  ...(['dismiss', 'discard', 'pursue', 'anonymise'] as const),
]);

/** The answer as the centre takes it: of a repair the whole body, made of the op as it lies there now. */
async function toAnswer(
  ctx: Ctx,
  said: Said,
  { centre, staffId }: { centre: CentreClient; staffId: StaffId },
): Promise<InboxAnswer> {
  if (said.action !== 'repair') return said;
  const { op } = await centre.held(said.seq, staffId);
  return { action: 'repair', body: repairedBody(op.body, said.values, ctx.directory.country()) };
}

/**
 * A manager's answer to what waits. The centre checks her PIN and does it, or refuses and leaves everything as it was;
 * what comes of it reaches this till like anything else, by the next exchange.
 */
export const answerInbox: Handler<'inbox.answer'> = async (ctx, { id, pin, reason, answer, second }) => {
  const { person } = managerOf(ctx);
  if (NEEDS_REASON.has(answer.action) && reason === '') {
    throw new AppError('bad_request', 'Say why. Nothing was changed.');
  }
  const centre = centreOf(ctx);
  if (centre === null) throw noLine();
  try {
    const decided = await toAnswer(ctx, answer, { centre, staffId: person.staffId });
    const said = { login: person.login, pin, reason, answer: decided, ...(second !== null && { second }) };
    await centre.answer(id, said);
  } catch (cause) {
    throw toDeskError(cause);
  }
  ctx.sync.nudge();
  return { ok: true };
};

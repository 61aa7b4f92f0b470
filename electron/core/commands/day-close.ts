import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { Day } from '../../../sync/base/business-day.ts';
import { AppError } from '../../contract/errors.ts';
import { makeCertificate } from '../close/certificate.ts';
import { isClosable, runningDay } from '../close/days.ts';
import { closeView } from '../close/view.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { assertMended, roleNow } from '../op-writer.ts';
import { runDueExpiry } from './expiry-run.ts';
import { actor } from './shared.ts';

function assertMayClose(ctx: Ctx): void {
  if (!isAtLeast(roleNow(ctx.directory, actor(ctx)), 'supervisor')) {
    throw new AppError('not_allowed', 'Closing the day needs a supervisor. Nothing was closed.');
  }
  assertMended(ctx.settings);
  if (ctx.isUpdateNeeded()) {
    throw new AppError(
      'update_needed',
      'The data here is from a newer version. Update this till to go on saving.',
    );
  }
}

/** @throws AppError `day_not_closable`. */
function closeNow(ctx: Ctx, businessDay: Day): void {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null)
    throw new AppError('not_enrolled', 'This till is not set up yet. Nothing was closed. Enrol it first.');
  if (!isClosable(ctx, businessDay)) {
    throw new AppError(
      'day_not_closable',
      'This day has nothing to close, or has not begun. Nothing was closed; what was saved is safe.',
    );
  }
  const { staffId } = actor(ctx).person;
  const closing = { businessDay, atMs: ctx.clock.nowMs(), actorId: staffId };
  const { text, signature } = makeCertificate({ ...ctx, enrolment }, closing);
  ctx.till.closes.add({ businessDay, certificate: text, signature });
}

/** What is due on the closed day ends behind the close: nobody waits for it, and the next run does what it left out. */
function endDue(ctx: Ctx, day: Day): void {
  runDueExpiry(ctx, { day, isDryRun: false }).then(
    ({ lots, elsewhere }) => ctx.log.info({ day, lots, elsewhere }, 'units that were due have ended'),
    (cause: unknown) => ctx.log.warn({ err: cause }, 'units that are due did not end; the next run does it'),
  );
}

/** Ends a business day, line or no line. The same day again changes nothing. */
export const closeDay: Handler<'day.close'> = (ctx, { businessDay }) => {
  assertMayClose(ctx);
  // What failed and may be put back by the next start would lie in a day that was signed for without it.
  ctx.writer.settle();
  const day = businessDay ?? runningDay(ctx);
  ctx.till.transaction(() => {
    if (ctx.till.closes.find(day) === undefined) closeNow(ctx, day);
  });
  endDue(ctx, day);
  ctx.closeProver.askAgain(day);
  ctx.publish('till.changed', {});
  ctx.sync.nudge();
  return closeView(ctx, day);
};

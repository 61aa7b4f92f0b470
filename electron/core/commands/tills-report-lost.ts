import { CENTRE_TILL } from '../../../sync/base/ids.ts';
import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { centreOf, managerOf, noLine } from '../inbox/desk.ts';
import { reportLostTill } from '../report-lost-till.ts';

/**
 * A manager gives up another till, at any till or office of the chain. Never the one that she stands at: it would stop
 * itself, with whatever it has not sent yet.
 */
export const reportTillLost: Handler<'tills.reportLost'> = async (ctx, { tillId, pin }) => {
  const { person } = managerOf(ctx, 'A manager reports a till as lost.');
  if (tillId === ctx.settings.enrolment()?.tillId || tillId === CENTRE_TILL) {
    throw new AppError('bad_request', 'Only another till can be reported as lost. Nothing was changed.');
  }
  const centre = centreOf(ctx);
  if (centre === null) throw noLine();
  await reportLostTill(centre, tillId, { login: person.login, pin, isLost: true });
  ctx.sync.nudge();
  return { ok: true };
};

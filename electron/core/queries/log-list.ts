import { z } from 'zod';
import { daySpan } from '../../../sync/base/business-day.ts';
import { CENTRE_TILL, WHOLE_CHAIN, type MemberId, type OpId } from '../../../sync/base/ids.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { LogDecision, LogReply } from '../../../sync/protocol/log.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { LogEntry, LogView } from '../../contract/log.ts';
import { CentreFault } from '../centre-client.ts';
import { runningDay } from '../close/days.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, toDeskError } from '../inbox/desk.ts';
import { roleNow } from '../op-writer.ts';
import { nameIn, ownLog, staffName } from '../views/own-log.ts';

type Asked = Input<'log.list'> & { day: string };
type AloneView = Omit<LogView, 'businessDay' | 'today' | 'people' | 'stores'>;
type Asking = { asked: Asked; mayChooseShop: boolean };

function toEntries(ctx: Ctx, { lines, tills }: LogReply): LogEntry[] {
  const names = new Map(tills.map(({ tillId, name }) => [tillId, name]));
  return lines.map(({ opId, atMs, kind, actorId, tillId, memberId, held }) => {
    const about = memberId === WHOLE_CHAIN ? null : memberId;
    return {
      ...{ opId: opId as OpId, atMs, kind, held, isPending: false },
      ...{
        actorName: staffName(ctx, actorId),
        tillName: tillId === CENTRE_TILL ? '' : (names.get(tillId) ?? tillId),
      },
      ...{ memberId: about as MemberId | null, memberName: nameIn(ctx, about) },
    };
  });
}

/** By whose clock a day begins: decisions belong to no shop. */
const storeHere = ({ directory, settings }: Ctx) =>
  directory.store(settings.enrolment()?.storeId ?? '') ?? { timeZone: 'UTC', cutOffHour: 4 };

const Seconded = z.object({ secondId: z.string(), savedBy: z.string().nullable().default(null) });
const ALONE = { secondName: '', savedByName: '', isSavedByActor: false };

/**
 * Who stood by a decision, where its note names somebody (`crm/second-audit.ts`), and who else saved her newest
 * version: a PIN that somebody gives another is known to both.
 */
function secondIn(ctx: Ctx, { note, actorId }: LogDecision): typeof ALONE {
  let told: unknown;
  try {
    told = JSON.parse(note);
  } catch {
    // Most notes are words.
    return ALONE;
  }
  const read = Seconded.safeParse(told);
  if (!read.success) return ALONE;
  const { secondId, savedBy } = read.data;
  const isAnothers = savedBy !== null && savedBy !== secondId;
  return {
    secondName: staffName(ctx, secondId),
    savedByName: isAnothers ? staffName(ctx, savedBy) : '',
    isSavedByActor: isAnothers && savedBy === actorId,
  };
}

/** Null where no answer came. @throws AppError When the centre refuses. */
async function askCentre(ctx: Ctx, { day, storeId, person, kind, after }: Asked): Promise<LogReply | null> {
  const centre = centreOf(ctx);
  const actorId = ctx.session?.person.staffId;
  if (centre === null || actorId === undefined) return null;
  try {
    const { fromMs, untilMs } = daySpan(day, storeHere(ctx));
    const span = { fromMs: String(fromMs), untilMs: String(untilMs) };
    return await centre.log({
      actorId,
      day,
      storeId,
      person,
      kind,
      after: String(Math.max(0, after)),
      ...span,
    });
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return null;
    throw toDeskError(cause);
  }
}

/** What she may ask for; a shop only a manager in an office. @throws AppError `not_allowed`. */
function narrow(ctx: Ctx, asked: Input<'log.list'>, today: string): Asking {
  const { session, directory, settings, screen } = ctx;
  const role = session === null ? 'manager' : roleNow(directory, session);
  if (!isAtLeast(role, 'supervisor'))
    throw new AppError('not_allowed', 'The log needs a supervisor. Nothing was changed.');
  const day = asked.businessDay ?? today;
  if (!isAtLeast(role, 'manager') && day !== today)
    throw new AppError(
      'not_allowed',
      'A supervisor reads the day that runs. Ask a manager for earlier ones.',
    );
  const own = settings.enrolment()?.storeId ?? '';
  const mayChooseShop = screen === 'office' && isAtLeast(role, 'manager');
  return { asked: { ...asked, day, storeId: mayChooseShop ? asked.storeId : own }, mayChooseShop };
}

const people = ({ directory }: Ctx): LogView['people'] =>
  directory.documents('staff').map(({ body: { staffId, name } }) => ({ staffId, name }));

/** Without a line. @throws AppError `centre_unreachable` For what stands behind a page of the centre's. */
function ownAlone(ctx: Ctx, asked: Asked, acked: number): AloneView {
  if (asked.after > 0)
    throw new AppError(
      'centre_unreachable',
      'The centre did not answer, so the rest of the list is not here. What is shown stays. Try again.',
    );
  const { entries, next } = ownLog(ctx, asked, { acked, behind: -asked.after });
  const after = next === null ? null : -next;
  return { line: 'down', entries, after, decisions: [], hasMoreDecisions: false };
}

/** Who did what: from the centre, with what this till has not told it yet; without a line this till's own. */
export const listLog: Handler<'log.list'> = async (ctx, input) => {
  const today = runningDay(ctx);
  const { asked, mayChooseShop } = narrow(ctx, input, today);
  const stores = ctx.directory
    .documents('store')
    .map(({ body: { storeId, name, nameZh = '' } }) => ({ storeId, name, nameZh }));
  const about = {
    businessDay: asked.day,
    today,
    people: people(ctx),
    stores: mayChooseShop ? stores : [],
  };
  // Before the question: what is acknowledged while it is under way may be in no answer, and stands here then.
  const acked = ctx.till.ops.ackedTseq();
  const reply = await askCentre(ctx, asked);
  if (reply === null) return { ...about, ...ownAlone(ctx, asked, acked) };
  const behind = Math.max(acked, -asked.after);
  const own = asked.after > 0 ? { entries: [], next: null } : ownLog(ctx, asked, { acked, behind });
  const fromCentre = own.next === null ? toEntries(ctx, reply) : [];
  const isTold = new Set(reply.lines.map(({ opId }) => opId));
  const last = reply.lines.at(-1);
  const further = reply.hasMore && last !== undefined ? last.seq : null;
  return {
    ...{
      ...about,
      line: 'up',
      entries: [...own.entries.filter(({ opId }) => !isTold.has(opId)), ...fromCentre],
    },
    after: own.next === null ? further : -own.next,
    decisions: reply.decisions.map((decision) => {
      const { actorId, ...line } = decision;
      return { ...line, actorName: staffName(ctx, actorId), ...secondIn(ctx, decision) };
    }),
    hasMoreDecisions: reply.hasMoreDecisions,
  };
};

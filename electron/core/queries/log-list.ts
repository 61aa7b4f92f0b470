import { WHOLE_CHAIN, type MemberId, type OpId } from '../../../sync/base/ids.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import { HeldReason } from '../../../sync/model/feed.ts';
import type { LogReply } from '../../../sync/protocol/log.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { LogEntry, LogView } from '../../contract/log.ts';
import { CentreFault } from '../centre-client.ts';
import { runningDay } from '../close/days.ts';
import { opsIn } from '../close/own-ops.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, toDeskError } from '../inbox/desk.ts';
import { roleNow } from '../op-writer.ts';
import { nameOf } from '../views/member-view.ts';

type Asked = Input<'log.list'> & { day: string };

function nameIn({ overlay }: Ctx, memberId: string | null): string {
  const member = memberId === null ? undefined : overlay.lay(memberId as MemberId)?.member;
  return member === undefined ? '' : nameOf(member);
}

const staffName = ({ directory }: Ctx, id: string): string => directory.staff(id)?.name ?? id;

/** What this till did itself, as its own file has it; `isPending` while the centre has not answered. */
function ownEntries(ctx: Ctx, { day, person, kind }: Asked): LogEntry[] {
  const acked = ctx.till.ops.ackedTseq();
  const tillName = ctx.settings.enrolment()?.tillName ?? '';
  const found: LogEntry[] = [];
  for (const { op, heldReason } of opsIn(ctx.till, ctx.till.ops.dayRanges(day))) {
    if ((person !== '' && op.actorId !== person) || (kind !== '' && op.kind !== kind)) continue;
    const memberId = op.body.memberId === WHOLE_CHAIN ? null : op.body.memberId;
    const held = HeldReason.nullable().catch(null).parse(heldReason);
    found.push({
      ...{ opId: op.opId, atMs: op.wallMs, kind: op.kind, actorName: staffName(ctx, op.actorId), tillName },
      ...{ memberId, memberName: nameIn(ctx, memberId), held, isPending: op.tseq > acked },
    });
  }
  return found;
}

function toEntries(ctx: Ctx, { lines, tills }: LogReply): LogEntry[] {
  const names = new Map(tills.map(({ tillId, name }) => [tillId, name]));
  return lines.map(({ opId, atMs, kind, actorId, tillId, memberId, held }) => {
    const about = memberId === WHOLE_CHAIN ? null : memberId;
    return {
      ...{ opId: opId as OpId, atMs, kind, held, isPending: false },
      ...{ actorName: staffName(ctx, actorId), tillName: names.get(tillId) ?? tillId },
      ...{ memberId: about as MemberId | null, memberName: nameIn(ctx, about) },
    };
  });
}

/** Null where no answer came. @throws AppError When the centre refuses. */
async function askCentre(ctx: Ctx, { day, storeId, person, kind, after }: Asked): Promise<LogReply | null> {
  const centre = centreOf(ctx);
  const actorId = ctx.session?.person.staffId;
  if (centre === null || actorId === undefined) return null;
  try {
    return await centre.log({ actorId, day, storeId, person, kind, after: String(after) });
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return null;
    throw toDeskError(cause);
  }
}

/** What she may ask for. @throws AppError `not_allowed`. */
function narrow(ctx: Ctx, asked: Input<'log.list'>, today: string): Asked {
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
  return { ...asked, day, storeId: screen === 'office' ? asked.storeId : own };
}

const people = ({ directory }: Ctx): LogView['people'] =>
  directory.documents('staff').map(({ body: { staffId, name } }) => ({ staffId, name }));

/** Who did what: from the centre, with what this till has not told it yet; without a line this till's own. */
export const listLog: Handler<'log.list'> = async (ctx, input) => {
  const today = runningDay(ctx);
  const asked = narrow(ctx, input, today);
  const stores = ctx.directory.documents('store').map(({ body: { storeId, name } }) => ({ storeId, name }));
  const about = {
    businessDay: asked.day,
    today,
    people: people(ctx),
    stores: ctx.screen === 'office' ? stores : [],
  };
  const reply = await askCentre(ctx, asked);
  const own = asked.after === 0 ? ownEntries(ctx, asked) : [];
  if (reply === null) return { ...about, line: 'down', entries: own, after: null, decisions: [] };
  const fromCentre = toEntries(ctx, reply);
  const isTold = new Set(fromCentre.map(({ opId }) => opId));
  const unsent = own.filter(({ opId, isPending }) => isPending && !isTold.has(opId));
  const last = reply.lines.at(-1);
  return {
    ...{ ...about, line: 'up', entries: [...unsent, ...fromCentre] },
    after: reply.hasMore && last !== undefined ? last.seq : null,
    decisions: reply.decisions.map(({ actorId, ...line }) => ({
      ...line,
      actorName: staffName(ctx, actorId),
    })),
  };
};

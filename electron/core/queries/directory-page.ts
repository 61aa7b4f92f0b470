import type { MemberId } from '../../../sync/base/ids.ts';
import { isForAll } from '../../../sync/model/register.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { deskOf, kindsNow, readChoice } from '../register/desk.ts';
import { withinOf } from './segments.ts';
import { toDirectoryRow } from '../register/row-view.ts';

export const prepareDirectory: Handler<'directory.prepare'> = (ctx) => {
  deskOf(ctx, 'supervisor');
  return ctx.register.state();
};

function rowsOf(ctx: Ctx, memberIds: readonly string[], shown: { columns: string[]; isManager: boolean }) {
  return memberIds.flatMap((memberId) => {
    // Cast: the list was made of ids of members.
    const laid = ctx.overlay.lay(memberId as MemberId);
    return laid === undefined ? [] : [toDirectoryRow(ctx, laid, shown)];
  });
}

/** A stretch of the list in any order. Rows are laid here and now, so each says the same as the member's page. */
export const pageDirectory: Handler<'directory.page'> = async (
  ctx,
  { columns, offset, limit, within, ...asked },
) => {
  const { isManager } = deskOf(ctx, 'supervisor');
  const thread = ctx.register.ready();
  if (thread === null) {
    const total = ctx.replica().counts().members;
    const memberIds =
      isForAll(asked) && within === null ? (ctx.replica().newestMembers?.({ offset, limit }) ?? []) : [];
    const rows = rowsOf(ctx, memberIds, { columns, isManager });
    return { state: ctx.register.state(), total, order: 'arrival', rows };
  }
  const choice = readChoice(ctx, asked);
  const place = { sort: asked.sort, offset, limit, nowMs: ctx.clock.nowMs() };
  const chosen = { ...choice, within: await withinOf(ctx, within) };
  const found = await thread.page({ ...chosen, ...place, kinds: kindsNow(ctx) });
  const rows = rowsOf(ctx, found.memberIds, { columns, isManager });
  return { state: ctx.register.state(), total: found.total, order: 'asked', rows };
};

export const countDirectory: Handler<'directory.count'> = async (ctx, { within, ...asked }) => {
  deskOf(ctx, 'supervisor');
  const thread = ctx.register.ready();
  const state = ctx.register.state();
  if (thread === null) return { state, total: null };
  const sort = { column: 'name', direction: 'up' } as const;
  const place = { sort, offset: 0, limit: 0, nowMs: ctx.clock.nowMs(), kinds: kindsNow(ctx) };
  const chosen = { ...readChoice(ctx, asked), within: await withinOf(ctx, within) };
  const page = { ...chosen, ...place };
  return { state, total: (await thread.page(page)).total };
};

import type { Handler } from '../ctx.ts';
import { managerOf } from '../inbox/desk.ts';
import { toPerson } from '../inbox/item-view.ts';

const SHOWN_MAX = 20;

/** Those who were merged into her herself: who was merged into one of them is parted from that one. */
export const listMergedMembers: Handler<'members.listMerged'> = (ctx, { memberId }) => {
  managerOf(ctx);
  const from = ctx.replica().mergedFrom(memberId).slice(0, SHOWN_MAX);
  return { people: from.map((id) => toPerson(ctx, id)) };
};

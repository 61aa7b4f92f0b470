import { getLaid } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import { toMemberView } from '../views/member-view.ts';

export const getMember: Handler<'members.get'> = (ctx, { memberId }) =>
  toMemberView(ctx, getLaid(ctx, memberId));

import { getLaid } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import { openMemberView } from '../views/member-view.ts';

export const getMember: Handler<'members.get'> = (ctx, { memberId }) =>
  openMemberView(ctx, getLaid(ctx, memberId));

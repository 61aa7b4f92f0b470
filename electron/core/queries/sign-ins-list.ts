import { SIGN_INS_PAGE_MAX, SignInLine } from '../../contract/log.ts';
import { MemberId } from '../../../sync/base/ids.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { managerOf } from '../inbox/desk.ts';
import { nameOf } from '../views/member-view.ts';
import { staffName } from '../views/own-log.ts';

/** Her name as the till has it; '' where she is anonymised, or not in this copy. */
function memberName(ctx: Ctx, memberId: string): string {
  const id = MemberId.safeParse(memberId).data;
  const member = id && ctx.overlay.lay(id)?.member;
  return member === undefined || member.state === 'anonymised' ? '' : nameOf(member);
}

/** Who showed a PIN here, and who tried; or who saw whom whole: newest first, from this till's own file alone. */
export const listSignIns: Handler<'signIns.list'> = (ctx, { kind, beforeNo }) => {
  managerOf(ctx);
  const before = beforeNo ?? Number.MAX_SAFE_INTEGER;
  const found = ctx.till.signIns.listOf(kind, before, SIGN_INS_PAGE_MAX + 1);
  const page = found.slice(0, SIGN_INS_PAGE_MAX);
  return {
    lines: page.map(({ staffId, memberId, ...line }) => ({
      // A later program may have kept what this one has no words for.
      ...SignInLine.omit({ name: true, memberId: true, memberName: true }).parse(line),
      name: staffId === '' ? '' : staffName(ctx, staffId),
      memberId,
      memberName: memberName(ctx, memberId),
    })),
    nextNo: found.length > page.length ? (page.at(-1)?.signInNo ?? null) : null,
  };
};

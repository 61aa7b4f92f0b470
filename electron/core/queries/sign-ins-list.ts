import { SIGN_INS_PAGE_MAX, SignInLine } from '../../contract/log.ts';
import type { Handler } from '../ctx.ts';
import { managerOf } from '../inbox/desk.ts';
import { staffName } from '../views/own-log.ts';

/** Who showed a PIN here, and who tried: the newest first, from this till's own file alone. */
export const listSignIns: Handler<'signIns.list'> = (ctx, { beforeNo }) => {
  managerOf(ctx);
  const before = beforeNo ?? Number.MAX_SAFE_INTEGER;
  const found = ctx.till.signIns.listBefore(before, SIGN_INS_PAGE_MAX + 1);
  const page = found.slice(0, SIGN_INS_PAGE_MAX);
  return {
    lines: page.map(({ staffId, ...line }) => ({
      // A later program may have kept what this one has no words for.
      ...SignInLine.omit({ name: true }).parse(line),
      name: staffId === '' ? '' : staffName(ctx, staffId),
    })),
    nextNo: found.length > page.length ? (page.at(-1)?.signInNo ?? null) : null,
  };
};

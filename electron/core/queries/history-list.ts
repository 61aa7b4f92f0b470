import { getLaid } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import { historyOf } from '../views/entry-view.ts';

/** One member has some hundreds of entries in a shop's copy: all of them are sorted, and a stretch is cut out. */
export const listHistory: Handler<'history.list'> = (ctx, { memberId, only, after, limit }) => {
  const laid = getLaid(ctx, memberId);
  const isAll = only === 'all';
  const read = historyOf(ctx, laid, isAll ? after + limit + 1 : Number.MAX_SAFE_INTEGER);
  const wanted = isAll ? read : read.filter(({ receiptNo }) => receiptNo !== '');
  return { entries: wanted.slice(after, after + limit), hasMore: wanted.length > after + limit };
};

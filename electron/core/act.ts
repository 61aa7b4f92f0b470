import type { Ctx } from './ctx.ts';
import { handlers } from './handlers.ts';

const isAction = (asked: unknown): boolean => typeof asked === 'object' && asked !== null && 'opId' in asked;

/**
 * Runs a call whose input was checked. A rule that refuses an action says that nothing of it was saved: so what an
 * earlier press may have left behind is made sure of first.
 *
 * @throws AppError, DbError As the handler does.
 */
export function act(method: keyof typeof handlers, ctx: Ctx, asked: unknown): unknown {
  if (isAction(asked)) ctx.writer.settle();
  // Cast: TypeScript can not link `method` to its own schema; whoever parsed `asked` made it true.
  const handler = handlers[method] as (ctx: Ctx, input: unknown) => unknown;
  return handler(ctx, asked);
}

import type { OpId } from '../../sync/base/ids.ts';
import { AppError } from '../contract/errors.ts';
import type { Ctx } from './ctx.ts';
import { handlers } from './handlers.ts';

/** The id under which a call saves something; null for one that saves nothing. */
function actionId(asked: unknown): OpId | null {
  const isAction = typeof asked === 'object' && asked !== null && 'opId' in asked;
  // Cast: the contract's check has made it one.
  return isAction ? (asked.opId as OpId) : null;
}

/**
 * A refusal says that nothing was saved. Of an action whose answer got lost that is not so: by now it may not be
 * offered any more because of its own effect.
 */
function toldOf(cause: unknown, { till }: Ctx, opId: OpId): unknown {
  if (!(cause instanceof AppError) || cause.code === 'saved_not_shown' || cause.code === 'op_id_reused')
    return cause;
  if (till.ops.find(opId) === undefined) return cause;
  return new AppError('saved_not_shown', 'This was saved when it was pressed before.', { cause });
}

/**
 * Runs a call whose input was checked. A rule that refuses an action says that nothing of it was saved: so what an
 * earlier press may have left behind is made sure of first, and an action that is saved is never refused.
 *
 * @throws AppError, DbError As the handler does.
 */
export function act(method: keyof typeof handlers, ctx: Ctx, asked: unknown): unknown {
  // Cast: TypeScript can not link `method` to its own schema; whoever parsed `asked` made it true.
  const handler = handlers[method] as (ctx: Ctx, input: unknown) => unknown;
  const opId = actionId(asked);
  if (opId === null) return handler(ctx, asked);
  ctx.writer.settle();
  const refuse = (cause: unknown): never => {
    throw toldOf(cause, ctx, opId);
  };
  try {
    const answer = handler(ctx, asked);
    return answer instanceof Promise ? answer.catch(refuse) : answer;
  } catch (cause) {
    return refuse(cause);
  }
}

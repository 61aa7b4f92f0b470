import { AppError } from '../../contract/errors.ts';
import { CentreFault } from '../centre-client.ts';
import type { Handler } from '../ctx.ts';

export const runSync: Handler<'sync.run'> = async (ctx) => {
  try {
    return await ctx.sync.run();
  } catch (cause) {
    if (!(cause instanceof CentreFault)) throw cause;
    const { outstanding } = ctx.till.ops.counts();
    const kept = `${outstanding} saved actions wait safely on this till.`;
    if (cause.code === 'till_forked' || cause.code === 'till_lost')
      throw new AppError(cause.code, `${cause.message} ${kept}`, { cause });
    throw new AppError(
      cause.kind === 'refused' ? 'centre_refused' : 'centre_unreachable',
      `${cause.message} ${kept}`,
      { cause },
    );
  }
};

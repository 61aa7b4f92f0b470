import { CentreFault } from '../centre-client.ts';
import type { Handler } from '../ctx.ts';
import { centreOf, managerOf, toDeskError } from '../inbox/desk.ts';

export const countInbox: Handler<'inbox.count'> = async (ctx) => {
  const { person } = managerOf(ctx);
  const centre = centreOf(ctx);
  if (centre === null) return { open: null };
  try {
    return await centre.inboxCount(person.staffId);
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return { open: null };
    throw toDeskError(cause);
  }
};

import { CentreFault } from './centre-client.ts';

/**
 * What a sync does once ops and rows are through, one after the other. A step that the centre will not answer keeps
 * none of the others from theirs.
 *
 * @throws CentreFault At the end, the first such refusal; at once where nothing gets through now. @throws Error
 */
export async function eachOf(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const refusals: CentreFault[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (cause) {
      if (!(cause instanceof CentreFault) || cause.isForAll) throw cause;
      refusals.push(cause);
    }
  }
  const [first] = refusals;
  if (first !== undefined) throw first;
}

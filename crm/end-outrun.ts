import { withDatabase, type RestOptions } from './at-rest.ts';
import { endOutruns, type Outrun } from './repos/outruns.ts';

/**
 * `npm run crm -- --end-outrun`: what tills have confirmed beyond the list of erasures is told no more, on the word of
 * whoever has the centre's own computer: that list is gone for good, or the till is not to be believed.
 *
 * @returns Who had said it. @throws When the database can not be opened; nothing was changed then.
 */
export const endOutrun = (options: RestOptions): Promise<Outrun[]> =>
  withDatabase(options, async ({ sql }) => {
    const ended = await endOutruns(sql, Number.MAX_SAFE_INTEGER);
    if (ended.length > 0) options.log.warn({ ended }, 'outruns of the list were ended by hand');
    return ended;
  });

/** What a person reads of it. */
export const outrunText = (ended: readonly Outrun[]): string =>
  ended.length === 0
    ? 'no till had confirmed more erasures than are known here; nothing was changed\n'
    : ended
        .map(({ name, tillId, confirmed }) => `${name} (${tillId}) had confirmed ${confirmed} erasures\n`)
        .join('') + 'told no more, until a till says so again\n';

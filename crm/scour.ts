import { withDatabase, type RestOptions } from './at-rest.ts';
import { scourAll, type Scoured } from './inbox/scouring.ts';

/**
 * `npm run crm -- --scour`: writes every table of the centre anew, however large, so that nothing of an anonymised
 * member stays in its files. On PostgreSQL the CRM may run meanwhile, and waits.
 *
 * @throws When the database can not be opened.
 */
export const scour = (options: RestOptions): Promise<Scoured> =>
  withDatabase(options, (database, keeper) =>
    scourAll({ ...options, database }, async () => keeper?.checkpoint()),
  );

/** What a person reads of it. */
export const scourText = ({ rewritten, areStatisticsNew, isLogNew, failed }: Scoured): string =>
  (failed.length === 0
    ? `${rewritten} tables written anew\n`
    : `PostgreSQL refused ${failed.length} steps (${failed.join(', ')}); nothing is lost, run it again\n`) +
  (areStatisticsNew
    ? ''
    : 'PostgreSQL’s statistics still quote what was there: only the owner of the database may write them anew\n') +
  (isLogNew
    ? ''
    : 'PostgreSQL’s log of changes stays until it is written over: the user of the database may not end that, or somebody else holds it\n');

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { must } from '../../../sync/base/must.ts';
import { openPenCentre, type PenCentre } from '../../parts/pen.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';

/**
 * Before each test of the file that calls this, at its top, a centre over an empty database.
 *
 * @param begin hands it to the test, with what is there from the start
 */
export function penForEach(begin: (centre: PenCentre) => Promise<void>): void {
  let postgres: PostgresPart | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.stop());
  beforeEach(async () => {
    const url = await must(postgres, 'it is on').createDatabase();
    const centre = await openPenCentre(url);
    await begin(centre);
    return () => centre.close();
  });
}

import { afterAll, beforeAll } from 'vitest';
import { must } from '../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { injected, type Post } from './test-till.ts';

/** There from the first `beforeAll` behind it on. */
type CentreForAll = Pick<TestCentre, 'centre' | 'app'> & { post: Post };

/** One CRM on PostgreSQL for all tests of the file that calls this, at its top. */
export function centreForAll(): CentreForAll {
  let postgres: PostgresPart | undefined;
  let open: TestCentre | undefined;
  const now = (): TestCentre => must(open, 'the tests have begun');
  beforeAll(async () => {
    postgres = await startPostgres();
    open = await openTestCentre({ url: await postgres.createDatabase() });
  }, 60_000);
  afterAll(async () => {
    await open?.close();
    await postgres?.stop();
  });
  return {
    get centre() {
      return now().centre;
    },
    get app() {
      return now().app;
    },
    post: (...asked) => injected(now().app)(...asked),
  };
}

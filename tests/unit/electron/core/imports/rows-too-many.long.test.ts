import { expect, test } from 'vitest';
import { IMPORT_ROWS_MAX } from '../../../../../electron/contract/imports.ts';
import { endTestTill, startTestTill } from '../../../../parts/till.ts';
import { rehearse } from './files.ts';

test(
  'a file of more than a million rows is refused as a whole: ROWS_TOO_MANY',
  { timeout: 600_000 },
  async () => {
    const till = await startTestTill();
    await till.signIn('manager');
    const file = `full_name,mobile_number\n${'a,1\n'.repeat(IMPORT_ROWS_MAX + 1)}`;
    const run = await rehearse(till.client, file);
    expect(run).toMatchObject({ state: 'refused', refusal: { code: 'ROWS_TOO_MANY' }, counts: { done: 0 } });
    await endTestTill(till);
  },
);

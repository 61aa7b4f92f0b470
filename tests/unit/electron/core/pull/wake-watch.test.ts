import { expect, test } from 'vitest';
import { CentreFault } from '../../../../../electron/core/centre-client.ts';
import { watchForNews } from '../../../../../electron/core/pull/wake-watch.ts';
import { isStopping } from '../../../../../electron/core/renewal.ts';
import type { Enrolment } from '../../../../../electron/core/till-settings.ts';

/** How often a run is begun when the question is answered with this. */
async function runsAfter(code: string): Promise<number> {
  const leaving = new AbortController();
  let runs = 0;
  let asked = 0;
  await watchForNews({
    puller: {
      wake: async () => {
        asked += 1;
        throw new CentreFault({ kind: 'refused', code }, 'No.');
      },
    },
    // Cast: only looked at whether there is one.
    enrolment: () => ({}) as Enrolment,
    cursor: () => 0,
    isCalm: () => {
      // The second time round: whatever was to come of the answer has come.
      if (asked > 0) leaving.abort();
      return asked === 0;
    },
    run: async () => void (runs += 1),
    isStop: isStopping,
    pauseMs: 1,
    hangUp: leaving.signal,
  });
  return runs;
}

test('a till that is stopped while it waits for news says so at once; any other refusal is left to the next run', async () => {
  expect([await runsAfter('till_lost'), await runsAfter('till_forked')]).toEqual([1, 1]);
  expect([await runsAfter('bad_request'), await runsAfter('tseq_gap')]).toEqual([0, 0]);
});

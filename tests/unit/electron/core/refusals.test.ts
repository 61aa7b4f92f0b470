import { afterEach, beforeEach, expect, test } from 'vitest';
import { CentreErrorCode } from '../../../../sync/protocol/exchange.ts';
import type { TestTill } from '../../../parts/till.ts';
import { startToldTill } from './told-till.ts';

const WORDS = 'The centre said no. Nothing was changed.';
/** These pass by themselves; the others are for somebody to look at. */
const PASSING: readonly string[] = ['busy', 'bug'];

let code: CentreErrorCode;
let told: Awaited<ReturnType<typeof startToldTill>>;
let till: TestTill;

beforeEach(async () => {
  told = await startToldTill((request, response) => {
    request.resume();
    response.writeHead(PASSING.includes(code) ? 503 : 409, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code, message: WORDS }));
  });
  ({ till } = told);
});
afterEach(() => told.end(till));

test.each(CentreErrorCode.options)(
  'a refusal %s is shown by its code and words, and the op waits on the till',
  async (refusal) => {
    code = refusal;
    await till.client['members.add']({
      opId: till.opId(),
      draft: { lastName: 'Tan' },
      cardTypeId: null,
      cardNumber: null,
      hasMarketingConsent: false,
    });
    await expect(till.client['sync.run']({})).rejects.toThrow(WORDS);
    expect(await till.client['sync.getStatus']({})).toMatchObject({
      state: PASSING.includes(refusal) ? 'offline' : 'stopped',
      problem: { code: refusal, message: WORDS },
      outstanding: 1,
    });
    expect((await till.client['till.verify']({})).problems).toEqual([]);
  },
);

import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backOffMs } from '../../../../electron/core/back-off.ts';
import { openTestTill, type TestTill } from '../../../parts/till.ts';
import { startToldTill } from './told-till.ts';

/**
 * Something at the centre's address that behaves as it is told: not the centre, so nothing it says may do
 * harm.
 */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let told: Awaited<ReturnType<typeof startToldTill>>;
let till: TestTill;

beforeEach(async () => {
  told = await startToldTill((request, response) => answer(request, response), { centreTimeoutMs: 300 });
  ({ till } = told);
});
afterEach(() => told.end(till));

const reply = (status: number, body: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
};
const valid = {
  protocol: 1,
  epoch: 'e',
  hiTseq: 0,
  durableTseq: 0,
  fence: '',
  acks: [],
  held: [],
  rows: { documents: [], members: [], cards: [], accounts: [], entries: [] },
  cursor: 100,
  headSeq: 100,
  isFarBehind: false,
  hasMore: false,
  cardBlock: null,
  serverTimeMs: 0,
};

test.each([
  {
    name: 'HTML',
    behaviour: reply(200, '<html>welcome to the shop wifi</html>'),
    code: 'centre_unreachable',
    state: 'offline',
  },
  {
    name: 'half an answer',
    behaviour: reply(200, JSON.stringify(valid).slice(0, 40)),
    code: 'centre_unreachable',
    state: 'offline',
  },
  {
    name: 'another form',
    behaviour: reply(200, JSON.stringify({ ...valid, cursor: 'x' })),
    code: 'centre_unreachable',
    state: 'offline',
  },
  {
    name: 'a 500 of its own',
    behaviour: reply(500, '{"code":"bug","message":"The centre has a fault of its own."}'),
    code: 'centre_unreachable',
    state: 'offline',
  },
  {
    name: 'a 404 of another server',
    behaviour: reply(404, '{}'),
    code: 'centre_unreachable',
    state: 'offline',
  },
  {
    name: 'a refusal',
    behaviour: reply(401, '{"code":"unauthorised","message":"This till is not known."}'),
    code: 'centre_refused',
    state: 'stopped',
  },
  {
    name: 'a word that it was reported lost',
    behaviour: reply(403, '{"code":"till_lost","message":"This till was reported lost."}'),
    code: 'till_lost',
    state: 'stopped',
  },
  { name: 'silence', behaviour: () => undefined, code: 'centre_unreachable', state: 'offline' },
  {
    name: 'a cut line',
    behaviour: (_request: IncomingMessage, response: ServerResponse) => response.destroy(),
    code: 'centre_unreachable',
    state: 'offline',
  },
])('$name from the centre loses nothing, and is told calmly', async ({ behaviour, code, state }) => {
  answer = behaviour;
  await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan' },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  await expect(till.client['sync.run']({})).rejects.toMatchObject({ code });
  const status = await till.client['sync.getStatus']({});
  expect(status).toMatchObject({ state, outstanding: 1, cursor: 100 });
  expect(status.problem?.message).toMatch(/centre|till/i);
  expect((await till.client['till.verify']({})).ok).toBe(true);
});

test('an answer that acknowledges ops the till never made changes nothing', async () => {
  answer = reply(
    200,
    JSON.stringify({ ...valid, hiTseq: 7, acks: [{ firstTseq: 3, count: 5, firstSeq: 200 }] }),
  );
  await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan' },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  await expect(till.client['sync.run']({})).rejects.toBeDefined();
  expect((await till.client['sync.getStatus']({})).outstanding).toBe(1);
});

test('a till that starts with a held op asks for old releases: a disk that lied may have lost the word of one', async () => {
  const asked: (number | null)[] = [];
  answer = (request, response) => {
    if (request.url !== '/v1/exchange') return reply(404, '{}')(request, response);
    void json(request).then((body) => {
      // Cast: what the till itself sent.
      const { releasedSeq, ackedTseq } = body as { releasedSeq?: number; ackedTseq: number };
      asked.push(releasedSeq ?? null);
      const news = {
        acks: [{ firstTseq: 1, count: 1, firstSeq: 50 }],
        held: [{ tseq: 1, reason: 'bad_body' }],
      };
      reply(200, JSON.stringify({ ...valid, hiTseq: 1, ...(ackedTseq === 0 && news) }))(request, response);
    });
  };
  await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan' },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  await till.client['sync.run']({});
  await till.client['sync.run']({});
  await till.close();
  till = openTestTill(told.dir, { centreTimeoutMs: 300 });
  await till.client['sync.run']({});
  await till.client['sync.run']({});
  expect(asked).toEqual([null, null, 0, null]);
});

test.each([
  { code: 'till_lost', status: 403, asksAgain: false },
  { code: 'till_forked', status: 409, asksAgain: false },
  { code: 'unauthorised', status: 401, asksAgain: true },
  { code: 'busy', status: 503, asksAgain: true },
])('after $code a till that syncs by itself asks again: $asksAgain', async ({ code, status, asksAgain }) => {
  answer = reply(status, JSON.stringify({ code, message: 'The centre says no.' }));
  till.core.start();
  await expect(till.client['sync.run']({})).rejects.toBeDefined();
  const planned = async (): Promise<string> => {
    const { state, nextTryAtMs } = await till.client['sync.getStatus']({});
    return state === 'syncing' ? 'under way' : String(nextTryAtMs !== null);
  };
  await expect.poll(planned).toBe(String(asksAgain));
});

test('back-off grows, is bounded, and never hammers', () => {
  expect([0, 1, 5, 30].map((failures) => backOffMs(failures, 1))).toEqual([1_000, 2_000, 32_000, 300_000]);
  expect(backOffMs(9, 0)).toBe(500);
});

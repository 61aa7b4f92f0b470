import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ExchangeRequest } from '../../../../sync/protocol/exchange.ts';
import { startToldTill } from './told-till.ts';

const START_MS = Date.now();
const DAY_MS = 86_400_000;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await buffer(request);
  const plain = request.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(bytes) : bytes;
  return JSON.parse(plain.toString());
}
function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
/** A centre without news, to which nothing is sent. */
const noNews = ({ ackedTseq, cursor }: ExchangeRequest) => ({
  ...{ protocol: 1, epoch: 'e', hiTseq: ackedTseq, durableTseq: ackedTseq, fence: '', acks: [], held: [] },
  rows: { documents: [], members: [], cards: [], accounts: [], entries: [] },
  ...{ cursor, headSeq: cursor, isFarBehind: false, hasMore: false, cardBlock: null, serverTimeMs: 0 },
});

test.each([
  { what: 'a fault of the centre over one day', status: 500, code: 'bug', asksOn: true },
  { what: 'a refusal of one day', status: 400, code: 'bad_request', asksOn: true },
  { what: 'a centre that has too much to do', status: 503, code: 'busy', asksOn: false },
])(
  '$what: the other closed days are asked about in the same run: $asksOn',
  async ({ status, code, asksOn }) => {
    let nowMs = START_MS;
    const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs - START_MS + 1_000_000 };
    const asked: string[] = [];
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await readBody(request);
      if (request.url === '/v1/exchange') return send(response, 200, noNews(body as ExchangeRequest));
      if (request.url !== '/v1/closes') return send(response, 404, {});
      asked.push((body as { certificate: { businessDay: string } }).certificate.businessDay);
      return send(response, status, { code, message: 'Not now.' });
    };
    const { till, end } = await startToldTill((request, response) => void answer(request, response), {
      clock,
    });
    await till.signIn('manager');
    const days: string[] = [];
    for (let day = 0; day < 3; day += 1) {
      nowMs = START_MS + day * DAY_MS;
      const { businessDay } = await till.client['day.close']({ businessDay: null });
      days.unshift(businessDay);
    }
    await till.client['sync.run']({});
    expect(asked).toEqual(asksOn ? days : days.slice(0, 1));
    // What was refused is left alone for a while; a centre that only had too much to do is asked at once.
    await till.client['sync.run']({});
    expect(asked).toHaveLength(asksOn ? 3 : 2);
    nowMs += 6 * 60_000;
    await till.client['sync.run']({});
    expect(asked).toHaveLength(asksOn ? 6 : 3);
    expect(await till.client['sync.getStatus']({})).toMatchObject({ problem: null });
    await end(till);
  },
);

import { saveDocuments } from '../../crm/repos/documents.ts';
import { hasDueSend, saveFate, takeSend } from '../../crm/repos/messages.ts';
import { createChooser } from '../../crm/messages/choose.ts';
import { startColumnsWorker } from '../../db/replica/columns/columns-host.ts';
import { countReach } from '../../electron/core/messages/reach.ts';
import { NO_BORDERS } from '../../sync/segments/rfm.ts';
import { newId } from '../../sync/base/ids.ts';
import { Segment } from '../../sync/model/segment.ts';
import { MessageTemplate } from '../../sync/model/template.ts';
import { KEY_HEX } from '../parts/till.ts';
import type { FeedSite } from './feed-site.ts';
import { type Figure, plainFigure } from './figure.ts';
import type { BigReplica } from './replica.ts';

const SENDS = 500;
const TAKE_MS_MAX = 20;
const COUNT_MS_MAX = 1_000;
const PAGE_MS_MAX = 1_000;
const RSS_MB_MAX = 200;
const MB = 1024 * 1024;
const NOW = Date.UTC(2026, 10, 22);

const EVERYBODY = Segment.parse({
  ...{ segmentId: 'all', version: 1, name: 'All', match: 'all' },
  conditions: [{ test: 'oneOf', field: 'state', values: ['active', 'locked', 'blocked'] }],
});
const NEWS = MessageTemplate.parse({
  ...{ templateId: 'news', version: 1, name: 'News', channel: 'email', purpose: 'marketing' },
  ...{ subject: 'Hello', body: 'Dear {{name}}' },
});

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
};

/** Before the press: how many will get it, counted at the till. */
async function reach(big: BigReplica): Promise<Figure> {
  const worker = startColumnsWorker({ path: big.path, keyHex: KEY_HEX });
  const asking = { atMs: NOW, overrides: [] };
  const todaysBorders = async () => NO_BORDERS;
  // Cast: what it asks of the desk.
  const ctx = { segments: { worker: () => worker, asking: () => asking, todaysBorders } } as never;
  try {
    await worker.count([{ kind: 'segment', segment: EVERYBODY }], asking);
    const oneMs = await timed(() => worker.count([{ kind: 'segment', segment: EVERYBODY }], asking));
    const tookMs = await timed(() => countReach(ctx, EVERYBODY, NEWS));
    return plainFigure('message to all: counted at the till', [tookMs, oneMs], {
      ...{ unit: 'ms', text: '≤ 1 s', pass: tookMs <= COUNT_MS_MAX },
    });
  } finally {
    await worker.close();
  }
}

/** A message to everybody is one op; the centre writes down who gets it, and takes one after the other. */
async function send({ server, members }: FeedSite): Promise<Figure[]> {
  const { database } = server.centre;
  await server.centre.sender.stop();
  await database.transaction((tx) =>
    saveDocuments(tx, [
      { kind: 'template', id: NEWS.templateId, body: NEWS },
      { kind: 'segment', id: EVERYBODY.segmentId, body: EVERYBODY },
    ]),
  );
  await database.sql.query(
    `insert into messages (op_id, seq, template_id, template_version, channel, segment_id, actor_id, asked_at_ms, state)
     values ($1, 1, 'news', 1, 'email', 'all', 'staff-1', 0, 'choosing')`,
    [newId<string>()],
  );
  const before = process.memoryUsage.rss();
  const choose = createChooser(server.centre);
  const pages: number[] = [];
  let rss = before;
  for (let isMore = true; isMore;) {
    pages.push(await timed(async () => (isMore = await choose())));
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  await database.sql.query('analyze message_sends');
  const takes: number[] = [];
  for (let at = 0; at < SENDS; at += 1) {
    await hasDueSend(database.sql, 'sms', NOW);
    const tookMs = await timed(async () => {
      const taken = await takeSend(database.sql, 'email', NOW);
      if (taken !== undefined)
        await saveFate(database.sql, taken, { state: 'sent', reason: '', nextAtMs: 0 });
    });
    takes.push(tookMs);
  }
  const sorted = (list: readonly number[]): number[] => list.toSorted((left, right) => left - right);
  const p99 = (list: readonly number[]): number => sorted(list)[Math.floor(list.length * 0.99)] ?? NaN;
  const rawMs = await timed(() => database.sql.query('select count(*) from members where "row" is not null'));
  const allMs = pages.reduce((sum, each) => sum + each, 0);
  const grownMb = (rss - before) / MB;
  const goal = (text: string, pass: boolean, unit = 'ms') => ({ unit, text, pass });
  return [
    plainFigure(`message to ${members}: people written down`, [allMs, rawMs], goal('', true)),
    plainFigure('the longest page of them', [p99(pages), 1], goal('≤ 1 s', p99(pages) <= PAGE_MS_MAX)),
    plainFigure('one taken and noted, p99', [p99(takes), 1], goal('≤ 20 ms', p99(takes) <= TAKE_MS_MAX)),
    plainFigure(
      'memory of the centre meanwhile',
      [grownMb, 1],
      goal('≤ 200 MB', grownMb <= RSS_MB_MAX, 'MB'),
    ),
  ];
}

/** A message to everybody of a large chain. */
export const benchMessages = async (big: BigReplica, site: FeedSite): Promise<Figure[]> => [
  await reach(big),
  ...(await send(site)),
];

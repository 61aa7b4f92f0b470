/**
 * A centre for WatermelonDB's sync protocol, which comes without one: rows in SQLite, in the folder given as argument.
 * Each push is one transaction; `changed_at` counts pushes in the place of a clock, so that no change is missed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerParent } from '../answering.ts';
import { COLUMNS, openSqlite, type MelonRow, type Pulled, type Pushed } from './melon-shape.ts';

const NAMES = ['id', ...COLUMNS.map(({ name }) => name)];

const sqlite = openSqlite(join(process.argv[2] ?? '', 'centre.db'));
sqlite.exec('pragma journal_mode = wal');
sqlite.exec('pragma synchronous = full');
sqlite.exec(
  `create table stamps (${NAMES.map((name) => (name === 'id' ? 'id text primary key' : name)).join(', ')},
     changed_at integer not null)`,
);
sqlite.exec('create index stamps_changed on stamps (changed_at)');
const insert = sqlite.prepare(
  `insert into stamps (${NAMES.join(', ')}, changed_at) values (${NAMES.map(() => '?').join(', ')}, ?)
   on conflict (id) do nothing`,
);
const newer = sqlite.prepare(`select ${NAMES.join(', ')} from stamps where changed_at > ?`);
const latest = sqlite.prepare('select coalesce(max(changed_at), 1) as at from stamps');
const count = sqlite.prepare('select count(*) as n from stamps');

const lastAt = (): number => (latest.get() as { at: number }).at;

function pull(lastPulledAt: number): Pulled {
  const updated = newer.all(lastPulledAt) as MelonRow[];
  return { changes: { stamps: { created: [], updated, deleted: [] } }, timestamp: lastAt() };
}

const push = sqlite.transaction(({ changes }: Pushed): void => {
  const at = lastAt() + 1;
  for (const row of changes.stamps.created) insert.run(...NAMES.map((name) => row[name] ?? null), at);
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await textOf(request)) as { lastPulledAt: number | null } & Pushed;
  const isPush = request.url === '/push';
  if (isPush) push(asked);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(isPush ? {} : pull(asked.lastPulledAt ?? 0)));
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end());
});
// As long as the others' turns take: a line that is shut in the moment of its use would end the round.
server.keepAliveTimeout = 3_600_000;

answerParent({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    }),
  count: async () => (count.get() as { n: number }).n,
});

import { join } from 'node:path';
import { openFile } from '../../db/open.ts';
import type { CallInput, CoreClient } from '../../electron/contract/index.ts';
import { newId, type OpId } from '../../sync/base/ids.ts';
import { NO_FILTER, type RegisterCondition } from '../../sync/model/register.ts';
import { KEY_HEX } from '../parts/till.ts';
import { benchCardList } from './card-list.ts';
import { openDesk, untilReady } from './desk.ts';
import { type Figure, plainFigure, type Round, timed, timeFigure, timeInto } from './figure.ts';

const HOT_MS_MAX = 150;
const OTHER_MS_MAX = 1_000;
const EXPORT_MS_MAX = 20_000;
const ROUNDS = 5;
const ROWS = 60;
const COLUMNS = ['name', 'mobile', 'tier', 'state', 'cards', 'lastActivity', 'createdAt'];
const PAGE_COLUMNS = [...COLUMNS.filter((id) => id !== 'cards'), 'groups', 'email', 'custom:source'];
const ALL: PageAsk = {
  filter: NO_FILTER,
  search: '',
  sort: { column: 'name', direction: 'up' },
  columns: COLUMNS,
  offset: 0,
  limit: ROWS,
};

type PageAsk = CallInput<'directory.page'>;

/** The same column of every row, read from the file and nothing done with it. */
function rawScan(dataDir: string): (column: string) => number {
  const raw = openFile({ path: join(dataDir, 'replica.db'), keyHex: KEY_HEX, file: 'replica' });
  return (column) => {
    const startMs = performance.now();
    for (const value of raw.prepare(`SELECT ${column} FROM members`).pluck().iterate()) void value;
    return performance.now() - startMs;
  };
}

const only = (rule: RegisterCondition): Pick<PageAsk, 'filter'> => ({
  filter: { match: 'all', rules: [rule] },
});
const sorted = (column: string, direction: 'up' | 'down'): Pick<PageAsk, 'sort'> => ({
  sort: { column, direction },
});

/** Each is another question than the one before, so that no answer is one that was kept. */
const HOT: readonly (readonly [name: string, column: string, asks: (round: number) => Partial<PageAsk>])[] = [
  ['open', 'last_name', (round) => only({ column: 'createdAt', op: 'between', from: round, to: null })],
  ['sort by name', 'last_name', (round) => sorted('name', round % 2 === 0 ? 'down' : 'up')],
  ['sort by phone', 'mobile', (round) => sorted('mobile', round % 2 === 0 ? 'down' : 'up')],
  ['sort by creation date', 'created_at_ms', (round) => sorted('createdAt', round % 2 === 0 ? 'down' : 'up')],
  [
    'sort by last activity',
    'created_at_ms',
    (round) => sorted('lastActivity', round % 2 === 0 ? 'down' : 'up'),
  ],
  ['sort by state', 'state', (round) => sorted('state', round % 2 === 0 ? 'down' : 'up')],
  ['sort by tier', 'tier', (round) => sorted('tier', round % 2 === 0 ? 'down' : 'up')],
  ['sort by group', 'extras', (round) => sorted('groups', round % 2 === 0 ? 'down' : 'up')],
  [
    'filter by name',
    'last_name',
    (round) =>
      only({ column: 'name', op: 'contains', text: ['tan', 'wei', 'lim', 'ng', 'koh'][round] ?? 'a' }),
  ],
  [
    'filter by phone',
    'mobile',
    (round) => only({ column: 'mobile', op: 'contains', text: String(911 + round) }),
  ],
  [
    'filter by creation date',
    'created_at_ms',
    (round) => only({ column: 'createdAt', op: 'between', from: 1_704_100_000_000 + round, to: null }),
  ],
  [
    'filter by last activity',
    'created_at_ms',
    (round) => only({ column: 'lastActivity', op: 'between', from: 1_720_100_000_000 + round, to: null }),
  ],
  [
    'filter by state and tier',
    'state',
    (round) => ({
      filter: {
        match: 'all',
        rules: [
          { column: 'state', op: 'anyOf', values: ['locked'] },
          { column: 'tier', op: round % 2 === 0 ? 'anyOf' : 'noneOf', values: ['Gold'] },
        ],
      },
    }),
  ],
  [
    'filter by group',
    'extras',
    (round) =>
      only({
        column: 'groups',
        op: 'anyOf',
        values: [['vip', 'staff', 'press', 'school', 'vip'][round] ?? ''],
      }),
  ],
  [
    'search for a part of a name',
    'last_name',
    (round) => ({ search: ['wei li', 'ang', 'mei t', 'sing', 'goh h'][round] ?? '' }),
  ],
  ['jump to nine tenths', 'last_name', (round) => ({ ...sorted('name', round % 2 === 0 ? 'up' : 'down') })],
];
const OTHER: typeof HOT = [
  ['sort by e-mail, first time', 'email', () => sorted('email', 'up')],
  ['filter by city, first time', 'city', () => only({ column: 'city', op: 'is', text: 'Penang' })],
  ['sort by a custom column, first time', 'extras', () => sorted('custom:source', 'up')],
];

async function benchQuestions(core: CoreClient, scan: (column: string) => number): Promise<Figure[]> {
  const { total } = await core['directory.page'](ALL);
  const figures: Figure[] = [];
  const measure = async ([name, column, asks]: (typeof HOT)[number], rounds: number): Promise<Round> => {
    const round: Round = { ours: [], limit: [], cpuMs: [] };
    for (let at = 0; at < rounds; at += 1) {
      const offset = name.startsWith('jump') ? Math.floor(total * 0.9) : 0;
      const ask = { ...ALL, ...asks(at), offset };
      await timeInto(round, async () => {
        const { order, rows } = await core['directory.page'](ask);
        if (order !== 'asked' || rows.length === 0) throw new Error(`${name}: no answer`);
      });
      round.limit.push(scan(column));
    }
    return round;
  };
  for (const hot of HOT)
    figures.push(timeFigure({ name: `grid: ${hot[0]}`, of: 50 }, [await measure(hot, ROUNDS)], HOT_MS_MAX));
  for (const other of OTHER)
    figures.push(timeFigure({ name: `grid: ${other[0]}`, of: 50 }, [await measure(other, 1)], OTHER_MS_MAX));
  return figures;
}

async function benchExport(core: CoreClient, scan: (column: string) => number): Promise<Figure[]> {
  const rss = (): number => process.memoryUsage().rss / 1024 / 1024;
  const before = rss();
  let most = before;
  let bytes = 0;
  const ms = await timed(async () => {
    const begun = await core['directory.beginExport']({
      filter: NO_FILTER,
      search: '',
      purpose: 'administration',
      reason: 'measured',
      memberIds: null,
    });
    for (;;) {
      const { text } = await core['directory.readExport']({ exportId: begun.exportId });
      if (text === '') break;
      bytes += text.length;
      most = Math.max(most, rss());
    }
    await core['directory.endExport']({ exportId: begun.exportId });
  });
  if (bytes === 0) throw new Error('export: no lines');
  const limit = scan('*');
  const goal = { unit: 'ms', text: `≤ ${EXPORT_MS_MAX} ms`, pass: ms <= EXPORT_MS_MAX };
  const grown = most - before;
  return [
    plainFigure('grid: export of all', [ms, limit], goal),
    plainFigure('grid: memory that the export adds', [grown, Math.max(1, bytes / 1024 / 1024)], {
      unit: 'MB',
      text: '≤ 200 MB',
      pass: grown <= 200,
    }),
  ];
}

/** The generator's own attribute; without its document no page shows it. */
const saveOwnColumn = (core: CoreClient): Promise<unknown> =>
  core['documents.save']({
    ...{ opId: newId<OpId>(), kind: 'attribute', id: 'source', baseVersion: 0 },
    body: { attributeId: 'source', version: 1, name: 'Source' },
  });

/** The list of all members as a manager's page asks for it; the limit reads the column asked about, from the file. */
export async function benchGrid(dataDir: string): Promise<Figure[]> {
  const desk = await openDesk(dataDir);
  const scan = rawScan(dataDir);
  try {
    const readyMs = await untilReady(desk.core);
    await saveOwnColumn(desk.core);
    // What she finds on her page: a head for every column that is asked about there.
    await desk.core['directory.keepLayout']({ columns: PAGE_COLUMNS, sort: ALL.sort });
    const limitMs = scan('*');
    const made = plainFigure('grid: the list is made, in the background', [readyMs, limitMs], {
      unit: 'ms',
      text: 'once a session',
      pass: true,
    });
    return [
      made,
      ...(await benchQuestions(desk.core, scan)),
      ...(await benchCardList(desk.core, scan)),
      ...(await benchExport(desk.core, scan)),
    ];
  } finally {
    await desk.close();
  }
}

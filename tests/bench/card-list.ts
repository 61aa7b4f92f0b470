import type { CallInput, CoreClient } from '../../electron/contract/index.ts';
import { type Figure, plainFigure, type Round, timed, timeFigure, timeInto } from './figure.ts';

const MS_MAX = 150;
const ROUNDS = 5;

type CardAsk = CallInput<'cards.list'>;
const NO_CARD_FILTER: CardAsk['filter'] = {
  ...{ statuses: [], cardTypeIds: [], balanceFrom: null, balanceTo: null },
  ...{ issuedFrom: null, issuedTo: null, expiresFrom: null, expiresTo: null },
};
const ALL: CardAsk = {
  ...{ text: '', filter: NO_CARD_FILTER, sort: 'number', isDescending: false, after: null, limit: 50 },
};
const filter = (change: Partial<CardAsk['filter']>): Partial<CardAsk> => ({
  filter: { ...NO_CARD_FILTER, ...change },
});

/** Each is another question than the one before, so that no answer is one that was kept. */
const QUESTIONS: readonly (readonly [name: string, asks: (round: number) => Partial<CardAsk>])[] = [
  ['open', () => ({})],
  ['part of a number', (round) => ({ text: String(6_035 + round) })],
  ['sort by issue', (round) => ({ sort: 'issued', isDescending: round % 2 === 0 })],
  ['sort by last day', (round) => ({ sort: 'expires', isDescending: round % 2 === 0 })],
  ['sort by balance', (round) => ({ sort: 'balance', isDescending: round % 2 === 0 })],
  ['sort by status', (round) => ({ sort: 'status', isDescending: round % 2 === 0 })],
  ['sort by type', (round) => ({ sort: 'type', isDescending: round % 2 === 0 })],
  ['filter by status', (round) => filter({ statuses: round % 2 === 0 ? ['lost'] : ['replaced', 'closed'] })],
  ['filter by balance', (round) => filter({ balanceFrom: 8 + round, balanceTo: 9 + round })],
  ['filter by day of issue', (round) => filter({ issuedFrom: `2025-0${round + 1}-01`, issuedTo: null })],
];

const BYTES_PER_MB = 1024 * 1024;

/** The first question has the list of cards made; until it is, the file answers. */
async function untilLaid(core: CoreClient, limitMs: number): Promise<Figure[]> {
  const rss = (): number => process.memoryUsage().rss / BYTES_PER_MB;
  const before = rss();
  let most = before;
  const ms = await timed(async () => {
    while (!(await core['cards.list'](ALL)).isLaid) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      most = Math.max(most, rss());
    }
  });
  return [
    plainFigure('cards: the list is made, in the background', [ms, limitMs], {
      ...{ unit: 'ms', text: 'once a session', pass: true },
    }),
    plainFigure('cards: memory that the list adds', [Math.max(most, rss()) - before, 1], {
      ...{ unit: 'MB', text: 'no goal', pass: true },
    }),
  ];
}

/** The list of all cards as a manager's page asks for it. @param scan Reads a column of every member: the machine's own pace. */
export async function benchCardList(core: CoreClient, scan: (column: string) => number): Promise<Figure[]> {
  const figures = await untilLaid(core, scan('*'));
  for (const [name, asks] of QUESTIONS) {
    const round: Round = { ours: [], limit: [], cpuMs: [] };
    for (let at = 0; at < ROUNDS; at += 1) {
      await timeInto(round, async () => {
        if (!(await core['cards.list']({ ...ALL, ...asks(at) })).isLaid) throw new Error(`${name}: no list`);
      });
      round.limit.push(scan('last_name'));
    }
    figures.push(timeFigure({ name: `cards: ${name}`, of: 50 }, [round], MS_MAX));
  }
  return figures;
}

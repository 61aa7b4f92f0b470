import type { CallInput, CoreClient } from '../../electron/contract/index.ts';
import { type Figure, type Round, timed, timeFigure } from './figure.ts';

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

/** The list of all cards as a manager's page asks for it. @param scan Reads a column of every member: the machine's own pace. */
export async function benchCardList(core: CoreClient, scan: (column: string) => number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, asks] of QUESTIONS) {
    const round: Round = { ours: [], limit: [] };
    for (let at = 0; at < ROUNDS; at += 1) {
      round.ours.push(await timed(() => core['cards.list']({ ...ALL, ...asks(at) })));
      round.limit.push(scan('last_name'));
    }
    figures.push(timeFigure({ name: `cards: ${name}`, of: 99 }, [round], MS_MAX));
  }
  return figures;
}

import { must } from '../base/must.ts';
import type { Balance } from './balance-lane.ts';
import { emptyLaneRows, type LaneRows } from './row-lane.ts';

/**
 * Everything that changed behind `fromSeq`, as it stood at the instant when the feed's head was `toSeq`. For a
 * replica that reaches `fromSeq` or further, applying it gives the centre's state at `toSeq`.
 */
export interface Segment {
  fromSeq: number;
  toSeq: number;
  /** By `accountNo`, each once; none of an account that is in `rows` in full. */
  balances: Balance[];
  rows: LaneRows;
}

function mergeBy<Row, Key>(lists: readonly (readonly Row[])[], keyOf: (row: Row) => Key): Row[] {
  const latest = new Map<Key, Row>();
  for (const list of lists) for (const row of list) latest.set(keyOf(row), row);
  return [...latest.values()];
}

/**
 * One segment with the effect of `segments` one after the other: the last state of each row.
 *
 * @param segments At least one, in order, each beginning where the one before ends.
 * @throws When they do not join.
 */
export function rollUp(segments: readonly Segment[]): Segment {
  const [first, last] = [
    must(segments[0], 'there is a segment'),
    must(segments.at(-1), 'there is a segment'),
  ];
  segments.forEach((segment, at) => {
    const before = segments[at - 1];
    if (before !== undefined && before.toSeq !== segment.fromSeq) throw new Error('rollUp: a gap');
  });
  const balances = new Map<number, Balance>();
  const accounts = new Map<number, LaneRows['accounts'][number]>();
  for (const { rows, balances: changed } of segments) {
    for (const row of rows.accounts) accounts.set(must(row.accountNo, 'the centre numbers accounts'), row);
    for (const { accountNo, ...figures } of changed) {
      const row = accounts.get(accountNo);
      if (row === undefined) balances.set(accountNo, { accountNo, ...figures });
      else accounts.set(accountNo, { ...row, ...figures });
    }
  }
  const stamp = <Row extends { seq: number }>(rows: Row[]): Row[] =>
    rows.map((row) => ({ ...row, seq: last.toSeq }));
  const rows: LaneRows = {
    ...emptyLaneRows(),
    documents: stamp(
      mergeBy(
        segments.map((each) => each.rows.documents),
        ({ kind, id }) => `${kind} ${id}`,
      ),
    ),
    members: stamp(
      mergeBy(
        segments.map((each) => each.rows.members),
        (row) => row.memberId,
      ),
    ),
    cards: stamp(
      mergeBy(
        segments.map((each) => each.rows.cards),
        (row) => row.cardId,
      ),
    ),
    accounts: stamp([...accounts.values()]),
  };
  const sorted = [...balances.values()]
    .filter(({ accountNo }) => !accounts.has(accountNo))
    .sort((left, right) => left.accountNo - right.accountNo);
  return { fromSeq: first.fromSeq, toSeq: last.toSeq, balances: sorted, rows };
}

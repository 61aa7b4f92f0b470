import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../../db/open.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { Register } from '../../../../../db/replica/register/register.ts';
import { registerReader } from '../../../../../db/replica/register/register-reader.ts';
import { rootOf } from '../../../../../sync/merge/merged.ts';
import type { MemberRow } from '../../../../../sync/model/member.ts';
import { KEY, tempFolder } from '../../files.ts';
import { account, card, member, memberId, rows } from '../../samples.ts';

const PEOPLE = 6;
const WHO = Array.from({ length: PEOPLE }, (_, at) => at + 1);

/** What a list shows of a member that is not hers alone. */
function shownIn(
  { table, slotOf }: Pick<Register, 'table'> & { slotOf: (id: string) => number },
  who: number,
) {
  const slot = slotOf(memberId(who));
  const { numbers, codes } = table;
  const types = codes.cards.sets[codes.cards.codes[slot] ?? 0] ?? [];
  return {
    isListed: table.listed[slot] === 1,
    transactions: numbers.transactions[slot],
    lastActivity: numbers.lastActivity[slot],
    agrees: table.hasConsent(slot),
    types: [...types].sort(),
  };
}

/** A copy of six members, each with a card of a type of her own, and its list. */
async function openScene() {
  const path = join(tempFolder(), 'replica.db');
  const replica = openReplica({ path, keyHex: KEY });
  const members = new Map<number, MemberRow>(WHO.map((who) => [who, member(who)]));
  const visits = new Map<number, number>();
  let seq = 1_000;
  const save = (who: number, changed: Partial<MemberRow>): void => {
    seq += 1;
    const row = { ...(members.get(who) ?? member(who)), ...changed, seq };
    members.set(who, row);
    const entryCount = visits.get(who) ?? 0;
    const type = { cardTypeId: `type-${who}` as never, seq };
    const holdings = {
      cards: [card(who, type)],
      accounts: [account(who, { ...type, entryCount, lastEntryAtMs: entryCount * 60_000 })],
    };
    replica.apply(rows({ members: [row], ...holdings }), { epoch: 'e', cursor: seq, isSettled: true });
  };
  WHO.forEach((who) => save(who, {}));
  const raw = openFile({ path, keyHex: KEY, file: 'replica' });
  const build = async (): Promise<Register> => {
    const made = new Register(registerReader(raw));
    await made.build(() => Promise.resolve());
    return made;
  };
  const register = await build();
  const rowOf = (id: string) => [...members.values()].find((row) => row.memberId === id);
  return {
    register,
    build,
    mergedInto: (who: number) => members.get(who)?.mergedIntoId ?? null,
    /** As the rules would: no ring, and nobody merged twice. */
    mayMerge: (who: number, into: number): boolean =>
      members.get(who)?.mergedIntoId === null && rootOf(rowOf, memberId(into)) !== memberId(who),
    save,
    visit: (who: number): void => {
      visits.set(who, (visits.get(who) ?? 0) + 1);
      save(who, {});
    },
    close: () => [raw.close(), replica.close()],
  };
}

const who = fc.integer({ min: 1, max: PEOPLE });
const act = fc.oneof(
  fc.record({ what: fc.constant('merge' as const), who, into: who }),
  fc.record({ what: fc.constant('unmerge' as const), who }),
  fc.record({ what: fc.constant('visit' as const), who }),
  fc.record({ what: fc.constant('word' as const), who, agrees: fc.boolean() }),
);
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

function play(scene: Awaited<ReturnType<typeof openScene>>, each: Act): void {
  if (each.what === 'visit') scene.visit(each.who);
  else if (each.what === 'word') scene.save(each.who, { hasMarketingConsent: each.agrees });
  else if (each.what === 'unmerge') scene.save(each.who, { mergedIntoId: null });
  else if (scene.mayMerge(each.who, each.into)) scene.save(each.who, { mergedIntoId: memberId(each.into) });
}

/** Taken from a chain, the middle takes its former selves along, and what they do afterwards is hers. */
const MIDDLE: Act[][] = [
  [{ what: 'merge', who: 1, into: 2 }],
  [{ what: 'merge', who: 2, into: 3 }],
  [{ what: 'unmerge', who: 2 }],
  [{ what: 'visit', who: 1 }],
];

/** Read along with whom she goes on as by now, she has still left the one before. */
const TURNED: Act[][] = [
  [{ what: 'merge', who: 2, into: 6 }],
  [
    { what: 'merge', who: 4, into: 5 },
    { what: 'unmerge', who: 2 },
    { what: 'merge', who: 2, into: 4 },
  ],
];

test('whatever is merged and taken back, the list that followed it says what one that was built anew says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(act, { maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
      const scene = await openScene();
      try {
        for (const acts of rounds) {
          acts.forEach((each) => play(scene, each));
          const { others = [], visit = [] } = Object.groupBy(acts, ({ what }) =>
            what === 'visit' ? 'visit' : 'others',
          );
          // Of a booking the copy is told the account only.
          scene.register.refresh(
            [...new Set(others.map((each) => memberId(each.who)))],
            [...new Set(visit.map((each) => each.who))],
          );
        }
        const anew = await scene.build();
        const living = WHO.filter((each) => scene.mergedInto(each) === null);
        const said = (from: Register) =>
          living.map((each) => shownIn({ table: from.table, slotOf: (id) => from.slotOf(id) }, each));
        expect(said(scene.register)).toEqual(said(anew));
      } finally {
        scene.close();
      }
    }),
    { numRuns: 60, examples: [[MIDDLE], [TURNED]] },
  );
});

import { join } from 'node:path';
import { openFile } from '../../db/open.ts';
import { LOOKUP_RESULTS_MAX } from '../../electron/contract/members.ts';
import { filedSeeks } from '../../db/replica/keys/key-forms.ts';
import { fold } from '../../sync/base/search-key.ts';
import { KEY_HEX } from '../parts/till.ts';
import { type Figure, timeFigure } from './figure.ts';
import { mobileOf, rowsOf } from './members.ts';
import { type Pair, timePairs } from './pairs.ts';
import { mix, shuffled } from './random.ts';
import { openServedCore, type ServedCore } from './served-core.ts';

const TASKS = { rounds: 5, perRound: 400, warmUp: 200 };
const SEARCH_MS_MAX = 10;
const CHOICE = 30;

/** What a person has typed so far: the first letters of a real member's name, last or first name first. */
function nameStart(task: number, members: number): string {
  const { lastName, firstName } = rowsOf(shuffled(task, members), 0).member;
  const name = mix(task, CHOICE) % 2 === 0 ? `${lastName} ${firstName}` : `${firstName} ${lastName}`;
  return [...name].slice(0, 2 + (mix(task, CHOICE + 1) % 5)).join('');
}

/** Some digits in a row out of a real member's number. */
function phonePart(task: number, members: number): string {
  const { national } = mobileOf(shuffled(task, members));
  const digits = 4 + (mix(task, CHOICE) % 4);
  const start = mix(task, CHOICE + 1) % (national.length - digits + 1);
  return national.slice(start, start + digits);
}

/** The limit: read as many keys as are shown, and the rows of those members, by hand. */
function openRawSearch(path: string) {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  const rids = raw
    .prepare<[string, string, number], number>(
      'SELECT rid FROM search_keys WHERE run = 0 AND key >= ? AND key < ? LIMIT 0 + ?',
    )
    .pluck();
  const memberByRid = raw.prepare<[number], { member_id: string }>('SELECT * FROM members WHERE rowid = ?');
  const cards = raw.prepare<[string]>('SELECT * FROM cards WHERE member_id = ?');
  const accounts = raw.prepare<[string]>(
    'SELECT * FROM accounts WHERE account_id IN (SELECT account_id FROM cards WHERE member_id = ?)',
  );
  return {
    read: (start: string): number => {
      const found = filedSeeks({ key: start, isPrefix: true })
        .flatMap(({ seek }) => rids.all(seek.key, `${seek.key}\u{10FFFF}`, LOOKUP_RESULTS_MAX))
        .slice(0, LOOKUP_RESULTS_MAX);
      for (const rid of found) {
        const id = memberByRid.get(rid)?.member_id ?? '';
        cards.all(id);
        accounts.all(id);
      }
      return found.length;
    },
    close: () => void raw.close(),
  };
}

interface Kind {
  textOf: (task: number) => string;
  keyOf: (text: string) => string;
}

/** Search as you type, by the start of a name and by part of a phone. */
export async function benchSearch(dir: string, members: number): Promise<Figure[]> {
  const core: ServedCore = await openServedCore(dir);
  const raw = openRawSearch(join(dir, 'replica.db'));
  const toPair = ({ textOf, keyOf }: Kind): Pair => ({
    ours: (task) => {
      const text = textOf(task);
      if (core.call('members.lookup', { text }).members.length === 0) throw new Error('search found nobody');
    },
    limit: (task) => {
      if (raw.read(keyOf(textOf(task))) === 0) throw new Error('raw search found nobody');
    },
  });
  const kinds: readonly (Kind & { name: string })[] = [
    {
      name: 'search by name prefix',
      textOf: (task) => nameStart(task, members),
      keyOf: (text) => `n${fold(text)}`,
    },
    {
      name: 'search by part of a phone',
      textOf: (task) => phonePart(task, members),
      keyOf: (text) => `p${text}`,
    },
  ];
  try {
    return kinds.map((kind) =>
      timeFigure({ name: kind.name, of: 99 }, timePairs(toPair(kind), TASKS), SEARCH_MS_MAX),
    );
  } finally {
    raw.close();
    await core.close();
  }
}

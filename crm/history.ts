import type { ExchangeRequest } from '../sync/protocol/exchange.ts';
import { markNumber, markNumberText } from '../sync/protocol/mark.ts';
import type { Centre } from './centre.ts';
import { countAnew } from './count-anew.ts';
import { findSignSecret } from './keys.ts';
import type { Sql } from './database.ts';
import type { LastOp } from './repos/feed.ts';
import { lockHead } from './repos/feed-head.ts';
import { findOpHash } from './repos/ops.ts';
import { countsAnew } from './triage.ts';

/** Enough to tell two ops of one number apart. */
const HASH_DIGITS = 8;
/** As many as nobody guesses over a line. */
const SEAL_DIGITS = 16;
const MARK = new RegExp(`^[0-9a-z]{1,11}\\.([0-9a-f]{${HASH_DIGITS}})([0-9a-f]{${SEAL_DIGITS}})$`);

type Parts = Pick<Centre, 'database' | 'crypto' | 'log'>;
type Shown = Pick<ExchangeRequest, 'epoch' | 'mark'>;

/** What the centre gives tills to keep, and what it learns from what they show. */
export interface History {
  /**
   * What a till is to show from now on: that in this epoch `last` got its number. Sealed, so that no till can say what
   * the centre never said; once the centre does not have it any more, it was put back.
   */
  markOf(epoch: string, last: LastOp): Promise<string>;
  /**
   * A till remembers what the centre has lost: its database was put back to an earlier day, and nobody said so. Numbers
   * are given a second time then, and a till that has passed them would never hear of what they stand for now. The
   * centre counts anew, as it does when it is told: every till takes its copy again and sends what is missing.
   *
   * @throws CentreRefusal `epoch_changed`
   */
  assertRemembered(shown: Shown): Promise<void>;
}

async function isKept(sql: Sql, { seq, hash }: LastOp): Promise<boolean> {
  return (await findOpHash(sql, seq))?.startsWith(hash) === true;
}

export function createHistory({ database, crypto, log }: Parts): History {
  let secret: string | undefined;
  const sealOf = async (epoch: string, { seq, hash }: LastOp): Promise<string> => {
    secret ??= await findSignSecret(database.sql);
    const text = ['counterfoil mark 1', secret, epoch, seq, hash].join('\n');
    return crypto.sha256Hex(text).slice(0, SEAL_DIGITS);
  };
  /** What a till shows, if this centre said it in that epoch. */
  const read = async ({ epoch, mark }: Shown): Promise<LastOp | null> => {
    const [, hash, seal] = MARK.exec(mark ?? '') ?? [];
    if (hash === undefined) return null;
    const said = { seq: markNumber(mark ?? ''), hash };
    return seal === (await sealOf(epoch, said)) ? said : null;
  };
  return {
    markOf: async (epoch, last) => {
      const hash = last.hash.slice(0, HASH_DIGITS);
      return `${markNumberText(last.seq)}.${hash}${await sealOf(epoch, { seq: last.seq, hash })}`;
    },
    assertRemembered: async (shown) => {
      const said = await read(shown);
      if (said === null || (await isKept(database.sql, said))) return;
      const isFirst = await database.transaction(async (tx) => {
        const head = await lockHead(tx);
        if (head.epoch !== shown.epoch || (await isKept(tx, said))) return false;
        await countAnew(tx, crypto);
        return true;
      });
      const { seq } = said;
      if (isFirst) log.error({ seq }, 'the database was put back to an earlier day: it counts anew now');
      throw countsAnew();
    },
  };
}

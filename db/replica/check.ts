import { checkFile, type Rule } from '../check.ts';
import type { Connection } from '../open.ts';

/** Not the references: looking up a dozen keys per member takes as long as reading the file. */
const RULES: readonly Rule[] = (['members', 'cards', 'accounts', 'entries'] as const).map((table) => ({
  says: `meta: count of ${table} is off`,
  countBroken: `SELECT (SELECT count(*) FROM ${table}) <> ${table} FROM meta`,
}));

/** What is wrong with the copy, in words for a log; [] when sound. Reads all of it. */
export const checkReplica = (raw: Connection): string[] => checkFile(raw, 'replica', RULES);

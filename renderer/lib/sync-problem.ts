import type { SyncStatus } from '../../electron/contract/till.ts';
import type { Words } from './words.ts';

type Problem = NonNullable<SyncStatus['problem']>;
type Known =
  | 'unreachable'
  | 'busy'
  | 'strange'
  | 'newer'
  | 'unknownTill'
  | 'notSetUp'
  | 'diskFull'
  | 'failed';

const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['unreachable', 'unreachable'],
  ['busy', 'busy'],
  ['nonsense', 'failed'],
  ['protocol_unsupported', 'newer'],
  ['unauthorised', 'unknownTill'],
  ['bad_signature', 'unknownTill'],
  ['not_set_up', 'notSetUp'],
  ['disk_full', 'diskFull'],
  ['bug', 'failed'],
]);
/** Refusals of the centre that only a manager ends. */
const isStop = (code: string): code is 'till_forked' | 'till_lost' =>
  code === 'till_forked' || code === 'till_lost';

/** Why nothing is sent or fetched now, in the till's language; the centre's own words stay in the log. */
export function problemText({ t }: Pick<Words, 't'>, { code }: Problem): string {
  if (isStop(code))
    return `${t(`error.${code}.what`)}. ${t(`error.${code}.safe`)} ${t(`error.${code}.next`)}`;
  const known = code.startsWith('http_') ? 'strange' : KNOWN.get(code);
  return t(`chip.problem.${known ?? 'refused'}`);
}

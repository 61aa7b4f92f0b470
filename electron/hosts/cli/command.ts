import type { OpId } from '../../../sync/base/ids.ts';
import type { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';
import type { Arguments } from './arguments.ts';
import type { Access } from './till.ts';

/** `units`: a plain whole number from 1 up. `truth`: yes, no, true or false. `flag`: nothing behind it. */
export interface OptionForm {
  kind: 'text' | 'units' | 'truth' | 'flag';
  isNeeded?: true;
}
export const TEXT: OptionForm = { kind: 'text' };
export const NEEDED_TEXT: OptionForm = { kind: 'text', isNeeded: true };
export const UNITS: OptionForm = { kind: 'units' };
export const NEEDED_UNITS: OptionForm = { kind: 'units', isNeeded: true };
export const TRUTH: OptionForm = { kind: 'truth' };
export const FLAG: OptionForm = { kind: 'flag' };

/** What a command found or did: `data` for scripts, `text` for people. */
export interface Outcome {
  data: Readonly<Record<string, unknown>>;
  text: string;
  /** It ran, and what it found is wrong: exit code 1 although there is something to show. */
  problem?: AppError;
}

/** What a running command may use. */
export interface Call {
  args: Arguments;
  dataDir: string;
  /** The id of this intent: from `--op-id`, or new. */
  opId: OpId;
  /** Opens the till for this command; closed when it is done. */
  open: (access: Access) => Promise<CoreClient>;
}

export interface Command {
  name: string;
  /** Words behind the name; the last may end in `…`: one or more. */
  operands: readonly string[];
  options: Readonly<Record<string, OptionForm>>;
  about: string;
  /** @throws UsageError for options that do not go together. */
  check?: (args: Arguments) => void;
  run(call: Call): Promise<Outcome>;
}

export const textOf = (args: Arguments, name: string): string | null => {
  const value = args.values[name];
  return typeof value === 'string' ? value : null;
};
export const unitsOf = (args: Arguments, name: string): number | null => {
  const value = args.values[name];
  return typeof value === 'number' ? value : null;
};

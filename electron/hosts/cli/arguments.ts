import { parseArgs, type ParseArgsConfig } from 'node:util';
import { OpId } from '../../../sync/base/ids.ts';
import type { Command, OptionForm } from './command.ts';

/** A command that is written wrong: exit code 2, nothing was opened. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const GLOBAL_OPTIONS = {
  data: { type: 'string' },
  as: { type: 'string' },
  pin: { type: 'string' },
  'op-id': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

type OptionValue = string | number | boolean;

/** One command as typed, checked as far as it can be without a till. */
export interface Arguments {
  operands: readonly string[];
  /** By option name; what was not given is not there. */
  values: Readonly<Record<string, OptionValue>>;
  dataDir: string | null;
  login: string | null;
  pin: string | null;
  opId: OpId | null;
}

/** The command's name: the first word that is neither an option of any of `commands` nor its value. */
export function nameOfCommand(argv: readonly string[], commands: readonly Command[]): string | undefined {
  const own = commands
    .flatMap(({ options }) => Object.entries(options))
    .map(([name, { kind }]) => [name, { type: typeOf(kind) }]);
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...(Object.fromEntries(own) as ParseArgsConfig['options']), ...GLOBAL_OPTIONS },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.find((token) => token.kind === 'positional')?.value;
}

export const hasFlag = (argv: readonly string[], flag: 'json' | 'help'): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes(`--${flag}`);
};

/** @throws UsageError Why `argv` is no form of `command`. */
export function readArguments(argv: readonly string[], command: Command): Arguments {
  const { values, positionals } = parse(argv, command);
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  const login = text('as');
  const pin = text('pin');
  if ((login === null) !== (pin === null)) throw new UsageError('--as and --pin belong together');
  const args: Arguments = {
    operands: readOperands(positionals.slice(1), command),
    values: readOptions(values, command.options),
    dataDir: text('data'),
    login,
    pin,
    opId: readOpId(text('op-id')),
  };
  command.check?.(args);
  return args;
}

const typeOf = (kind: OptionForm['kind']): 'boolean' | 'string' => (kind === 'flag' ? 'boolean' : 'string');

interface Parsed {
  values: Readonly<Record<string, string | boolean | undefined>>;
  positionals: string[];
}

function parse(argv: readonly string[], command: Command): Parsed {
  const own = Object.fromEntries(
    Object.entries(command.options).map(([name, { kind }]) => [name, { type: typeOf(kind) }]),
  );
  try {
    return parseArgs({
      args: [...argv],
      options: { ...own, ...GLOBAL_OPTIONS },
      strict: true,
      allowPositionals: true,
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function readOperands(operands: string[], { name, operands: wanted }: Command): string[] {
  const isOpenEnded = wanted.at(-1)?.endsWith('…') === true;
  const isRight = isOpenEnded ? operands.length >= wanted.length : operands.length === wanted.length;
  if (!isRight)
    throw new UsageError(`${name} takes ${wanted.length === 0 ? 'nothing but options' : wanted.join(' ')}`);
  return operands;
}

function readOptions(
  typed: Parsed['values'],
  forms: Readonly<Record<string, OptionForm>>,
): Record<string, OptionValue> {
  const values: Record<string, OptionValue> = {};
  for (const [name, form] of Object.entries(forms)) {
    const text = typed[name];
    if (typeof text === 'boolean') values[name] = text;
    else if (typeof text === 'string') values[name] = readValue(name, text, form);
    else if (form.isNeeded === true) throw new UsageError(`--${name} is missing`);
  }
  return values;
}

function readValue(name: string, text: string, { kind }: OptionForm): OptionValue {
  if (kind === 'text') return text;
  if (kind === 'truth') {
    if (/^(yes|true)$/i.test(text)) return true;
    if (/^(no|false)$/i.test(text)) return false;
    throw new UsageError(`--${name} is yes or no`);
  }
  const units = Number(text);
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(units)) {
    throw new UsageError(`--${name} is a whole number from 1 up, in digits only`);
  }
  return units;
}

function readOpId(text: string | null): OpId | null {
  if (text === null) return null;
  const opId = OpId.safeParse(text.toLowerCase());
  if (!opId.success) throw new UsageError('--op-id is a UUID');
  return opId.data;
}

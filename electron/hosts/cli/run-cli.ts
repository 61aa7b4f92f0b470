import { resolve } from 'node:path';
import { newId, type OpId } from '../../../sync/base/ids.ts';
import type { Core, CoreConfig } from '../../core/index.ts';
import { AppError } from '../../contract/errors.ts';
import { defaultDataDir } from '../paths.ts';
import { type Arguments, hasFlag, nameOfCommand, readArguments, UsageError } from './arguments.ts';
import { cardCommands } from './cards.ts';
import { centreCommands } from './centre.ts';
import type { Command, Outcome } from './command.ts';
import { dayCommands } from './days.ts';
import { decodeCommands } from './decode.ts';
import { exportCommands } from './exports.ts';
import { helpAll, helpOf } from './help.ts';
import { importCommands } from './imports.ts';
import { memberCommands } from './members.ts';
import { type Access, type OpenTill, openTill } from './till.ts';
import { upkeepCommands } from './upkeep.ts';

/** Done; refused, the code says why; written wrong; a fault of the program. */
type ExitCode = 0 | 1 | 2 | 3;

export interface CliIo {
  out: (text: string) => void;
  err: (text: string) => void;
  env: NodeJS.ProcessEnv;
  openCore: (config: CoreConfig) => Core;
}

/** What goes out: `data` or words, and the exit code that goes with it. */
interface Answer {
  exitCode: ExitCode;
  text: string;
  body: { ok: true; data: unknown } | { ok: false; code: string; message: string; data?: unknown };
}

const COMMANDS: readonly Command[] = [
  ...centreCommands,
  ...memberCommands,
  ...cardCommands,
  ...dayCommands,
  ...importCommands,
  ...exportCommands,
  ...upkeepCommands,
  ...decodeCommands,
];

/**
 * Runs one command line.
 *
 * @param argv Words behind the program's name.
 * @returns The exit code. With `--json` exactly one object has gone to `out`, whatever happened.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const answer = await answerTo(argv, io).catch(toRefusal);
  if (hasFlag(argv, 'json')) io.out(`${JSON.stringify(answer.body)}\n`);
  else if (answer.exitCode === 0) io.out(`${answer.text}\n`);
  else io.err(`${answer.text}\n`);
  return answer.exitCode;
}

async function answerTo(argv: readonly string[], io: CliIo): Promise<Answer> {
  const name = nameOfCommand(argv, COMMANDS);
  const command = COMMANDS.find((each) => each.name === name);
  if (hasFlag(argv, 'help')) {
    const help = command ? helpOf(command) : helpAll(COMMANDS, io.env);
    return { exitCode: 0, text: help, body: { ok: true, data: { help } } };
  }
  if (!command) {
    const known = COMMANDS.map((each) => each.name).join(', ');
    throw new UsageError(
      `${name === undefined ? 'Which command?' : `There is no command ${name}.`} Known: ${known}.`,
    );
  }
  return toAnswer(await runCommand(command, readArguments(argv, command), io));
}

async function runCommand(command: Command, args: Arguments, io: CliIo): Promise<Outcome> {
  const dataDir = args.dataDir === null ? defaultDataDir(io.env) : resolve(args.dataDir);
  let till: OpenTill | undefined;
  const open = async (access: Access) => {
    if (access === 'write') assertPerson(args);
    till = await openTill({
      dataDir,
      access,
      isDemo: io.env['COUNTERFOIL_DEMO'] === '1',
      warn: (message) => io.err(`${message}\n`),
      openCore: io.openCore,
    });
    const { login, pin } = args;
    if (access === 'write' && login !== null && pin !== null)
      await till.client['session.signIn']({ login, pin });
    return till.client;
  };
  try {
    return await command.run({ args, dataDir, opId: args.opId ?? newId<OpId>(), open });
  } finally {
    // What was confirmed is saved; a fault in letting go must not make it look undone.
    await till?.close().catch((cause: unknown) => io.err(`the till did not close well: ${String(cause)}\n`));
  }
}

function assertPerson({ login }: Arguments): void {
  if (login !== null) return;
  throw new AppError(
    'signin_required',
    'Somebody must answer for this. Nothing was done; add --as STAFF --pin PIN.',
  );
}

function toAnswer({ data, text, problem }: Outcome): Answer {
  if (!problem) return { exitCode: 0, text, body: { ok: true, data } };
  const { code, message } = problem;
  return { exitCode: 1, text: `${text}\n${code}: ${message}`, body: { ok: false, code, message, data } };
}

function toRefusal(cause: unknown): Answer {
  const refuse = (exitCode: ExitCode, code: string, message: string): Answer => ({
    exitCode,
    text: `${code}: ${message}`,
    body: { ok: false, code, message },
  });
  if (cause instanceof UsageError) return refuse(2, 'bad_request', `${cause.message}\nTry --help.`);
  if (cause instanceof AppError && cause.code !== 'bug') return refuse(1, cause.code, cause.message);
  const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return refuse(3, 'bug', `A fault of the program, please report it. What was confirmed is saved.\n${words}`);
}

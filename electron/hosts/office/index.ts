/** Entry of `npm run office`: the same page and the same contract for people in browsers, over a replica of its own. */
import { join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { createFileLog } from '../log.ts';
import { officeDataDir } from '../paths.ts';
import { assertRuntime } from '../runtime.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { runOffice } from './run-office.ts';

/** Somebody should start it again: its folder begins anew. */
const AGAIN = 75;

function end(code: number, words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(code);
}

function giveUp(cause: unknown): never {
  if (cause instanceof UsageError) end(2, `${cause.message}\n${USAGE}`);
  if (cause instanceof AppError) end(1, `${cause.message} (${cause.code})`);
  end(1, cause instanceof Error ? String(cause.stack) : String(cause));
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  assertRuntime();
  const dataDir = options.dataDir ?? officeDataDir(process.env);
  const log = createFileLog(dataDir);
  const office = await runOffice({
    options: { ...options, dataDir },
    pageDir: resolve(process.env['COUNTERFOIL_PAGE'] ?? join(import.meta.dirname, '../renderer')),
    isDemo: process.env['COUNTERFOIL_DEMO'] === '1',
    log,
    onEnd: (why) => end(why === 'renewed' ? AGAIN : 1, `the office ends: ${why}`),
  });
  let leaving: Promise<void> | undefined;
  const leave = (): void => void (leaving ??= office.close().then(() => process.exit(0), giveUp));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
  process.stdout.write(`listening on ${office.url}\n`);
}

process.on('uncaughtException', giveUp);
process.on('unhandledRejection', giveUp);
run().catch(giveUp);

import { expect } from 'vitest';
import { openCore } from '../../electron/core/index.ts';
import { runCli } from '../../electron/hosts/cli/run-cli.ts';

export interface CliCard {
  cardId: string;
  number: string;
  cardType: string;
  kind: string;
  status: string;
  memberId: string;
  opId: string;
  balance: { confirmed: number; pending: number; unit: string };
}

export interface CliMember {
  memberId: string;
  supportId: string;
  name: string;
  state: string;
  fields: Record<string, unknown>;
  hasMarketingConsent: boolean;
  opId: string;
  cards: CliCard[];
}

interface CliAnswer<Data> {
  exitCode: number;
  ok: boolean;
  data: Data;
  code: string;
  message: string;
}

export type Cli = <Data = CliCard>(command: string, ...argv: string[]) => Promise<CliAnswer<Data>>;

/** Reads what a command with `--json` wrote: exactly one object on one line, or the test fails. */
export function readAnswer<Data>(exitCode: number, out: string): CliAnswer<Data> {
  expect(out).toMatch(/^\{[^\n]*\}\n$/);
  const answer = JSON.parse(out) as CliAnswer<Data>;
  expect(answer.ok).toBe(exitCode === 0);
  return { ...answer, exitCode };
}

/** The command line in this process, on the till in `dataDir`. */
export const cliOf =
  (dataDir: string): Cli =>
  async <Data>(command: string, ...argv: string[]) => {
    const written: string[] = [];
    const exitCode = await runCli([command, ...argv, '--data', dataDir, '--json'], {
      out: (text) => written.push(text),
      err: () => undefined,
      env: {},
      openCore,
    });
    return readAnswer<Data>(exitCode, written.join(''));
  };

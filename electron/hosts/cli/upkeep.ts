import { existsSync } from 'node:fs';
import { AppError } from '../../contract/errors.ts';
import { keyPath } from '../paths.ts';
import { VERSION } from '../runtime.ts';
import type { Call, Command } from './command.ts';

const lines = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');

const sync: Command = {
  name: 'sync',
  operands: [],
  options: {},
  about: 'sends and fetches until nothing is left',
  run: async ({ open }) => {
    const client = await open('read');
    const data = await client['sync.run']({});
    return { data, text: lines(data) };
  },
};

const verify: Command = {
  name: 'verify',
  operands: [],
  options: {},
  about: 'checks both files and says the hash of the confirmed state',
  run: async ({ open }) => {
    const client = await open('read');
    const data = await client['till.verify']({});
    const outcome = { data, text: lines(data) };
    if (data.ok) return outcome;
    const found = data.problems.join('; ');
    const words = `The till's files do not hold together: ${found}. Delete nothing; call support.`;
    return { ...outcome, problem: new AppError('till_damaged', words) };
  },
};

/** Looks at a till that will not open as well: that is when people call support. */
async function diagnose({ dataDir, open }: Call): Promise<Record<string, unknown>> {
  const host = {
    program: VERSION,
    runtime: {
      node: process.versions.node,
      napi: process.versions['napi'] ?? null,
      platform: process.platform,
      arch: process.arch,
    },
    dataDir,
    keyFile: existsSync(keyPath(dataDir)) ? 'present' : 'missing',
  };
  try {
    const client = await open('read');
    return { ...host, problem: null, ...(await client['till.diagnose']({})) };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { ...host, problem: { code: cause.code, message: cause.message } };
  }
}

const doctor: Command = {
  name: 'doctor',
  operands: [],
  options: {},
  about: 'versions, paths, pragmas in force, devices, sync state; no personal data',
  run: async (call) => {
    const data = await diagnose(call);
    return { data, text: lines(data) };
  },
};

export const upkeepCommands: readonly Command[] = [sync, verify, doctor];

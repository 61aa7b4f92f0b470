import { existsSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { lookForDevices } from '../../core/devices/look.ts';
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
    const problem = { code: cause.code, message: cause.message };
    return { ...host, problem, devices: await lookForDevices() };
  }
}

const SeenDevices = z.object({
  hid: z.string(),
  devices: z.array(
    z.object({
      kind: z.string(),
      maker: z.string(),
      model: z.string(),
      usb: z.string().nullable(),
      path: z.string(),
      state: z.string(),
      problem: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

/** A line for each device, as a person at the telephone reads it out. */
function deviceLines(told: unknown): string[] {
  const seen = SeenDevices.safeParse(told).data;
  if (seen === undefined) return [];
  const devices = seen.devices.map(({ kind, maker, model, usb, path, state, problem, reason }) => {
    const words = [maker, model, usb ?? '', path].filter((word) => word !== '').join(' ');
    return `device: ${kind}, ${words}: ${reason ?? problem ?? state}`;
  });
  return [`HID: ${seen.hid}`, ...(devices.length === 0 ? ['device: none'] : devices)];
}

const doctor: Command = {
  name: 'doctor',
  operands: [],
  options: {},
  about: 'versions, paths, pragmas in force, devices, sync state; no personal data',
  run: async (call) => {
    const data = await diagnose(call);
    const { devices, ...rest } = data;
    return { data, text: [lines(rest), ...deviceLines(devices)].join('\n') };
  },
};

export const upkeepCommands: readonly Command[] = [sync, verify, doctor];

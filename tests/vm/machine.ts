import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import packageJson from '../../package.json' with { type: 'json' };
import { ROOT } from '../../build/targets.mjs';
import { toCpio, type CpioEntry } from './cpio.ts';
import { makeImage } from './image.ts';

const MEMORY_MB = 704;
const BOOT_MS_MAX = 540_000;

/** What a program in the machine said: its checks by name with '' or what was wrong, its figures, its exit code. */
export interface MachineReport {
  readonly checks: ReadonlyMap<string, string>;
  readonly figures: readonly string[];
  readonly exits: ReadonlyMap<string, number>;
  /** All lines, for who looks into a failure. */
  readonly console: string;
}

/** Each program as one file over the product's sources, as the core is built. */
async function buildPrograms(names: readonly string[], folder: string): Promise<CpioEntry[]> {
  const input = Object.fromEntries(names.map((name) => [name, join(ROOT, `tests/vm/guest/${name}.ts`)]));
  const natives = Object.keys(packageJson.dependencies).map((name) => new RegExp(`^${name}($|/)`));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input,
        external: [/^node:/, 'node-hid', ...natives],
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared-[name].cjs' },
      },
    },
  });
  const built = (await readdir(folder)).filter((name) => name.endsWith('.cjs'));
  return Promise.all(
    built.map(async (name): Promise<CpioEntry> => ({
      name: `app/${name}`,
      kind: 'file',
      content: await readFile(join(folder, name)),
    })),
  );
}

/** What a till's PC gets from us for its devices. */
async function shippedRules(): Promise<CpioEntry[]> {
  const folder = join(ROOT, 'build/linux');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.rules'));
  return Promise.all(
    names.map(async (name): Promise<CpioEntry> => ({
      name: `lib/udev/rules.d/${name}`,
      kind: 'file',
      content: await readFile(join(folder, name)),
    })),
  );
}

/** In hardware where whoever runs the tests says that it may be, else by translation, which every machine can. */
function accelerator(): string {
  if (process.env['COUNTERFOIL_KVM'] !== '1') return 'tcg,thread=multi';
  accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  return 'kvm';
}

function qemuArgs(kernelPath: string, initrdPath: string, programs: readonly string[]): string[] {
  const line = `console=ttyS0 quiet loglevel=3 mitigations=off panic=-1 random.trust_cpu=on`;
  return [
    ...['-accel', accelerator(), '-cpu', 'max', '-smp', '2', '-m', String(MEMORY_MB), '-machine', 'pc'],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-nographic', '-nic', 'none', '-monitor', 'none'],
    ...['-serial', 'stdio', '-kernel', kernelPath, '-initrd', initrdPath],
    ...['-append', `${line} programs=${programs.join(',')}`],
  ];
}

/** Reads what the machine prints; it ends itself, or is ended when it takes far too long. */
async function readConsole(args: readonly string[]): Promise<string[]> {
  const machine = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const late = setTimeout(() => machine.kill('SIGKILL'), BOOT_MS_MAX);
  const lines: string[] = [];
  createInterface({ input: machine.stdout }).on('line', (line) => lines.push(line.replace(/\r$/, '')));
  await new Promise<void>((resolve, reject) => {
    machine.once('error', reject);
    machine.once('close', () => resolve());
  });
  clearTimeout(late);
  return lines;
}

function toReport(lines: readonly string[]): MachineReport {
  const checks = new Map<string, string>();
  const exits = new Map<string, number>();
  const figures: string[] = [];
  for (const line of lines) {
    const [, verdict, name = '', why = ''] = /^(ok|not ok) ([^:]+)(?:: (.*))?$/.exec(line) ?? [];
    if (verdict !== undefined) checks.set(name, verdict === 'ok' ? '' : why || 'failed');
    const [, program, code] = /^EXIT (\w+) (\d+)$/.exec(line) ?? [];
    if (program !== undefined) exits.set(program, Number(code));
    if (line.startsWith('figure ')) figures.push(line.slice('figure '.length));
  }
  return { checks, exits, figures, console: lines.join('\n') };
}

/** Boots a machine with a kernel of its own, without network, and runs `programs` of `guest/` in it, in order. */
export async function runMachine(programs: readonly string[]): Promise<MachineReport> {
  const { kernelPath, basePath } = await makeImage();
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-machine-'));
  try {
    const built = await buildPrograms(programs, join(folder, 'programs'));
    const own = toCpio([...built, ...(await shippedRules())]);
    const initrdPath = join(folder, 'initrd.cpio');
    await writeFile(initrdPath, Buffer.concat([await readFile(basePath), own]));
    return toReport(await readConsole(qemuArgs(kernelPath, initrdPath, programs)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

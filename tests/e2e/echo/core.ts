/**
 * Stands where the core stands: over the till's own adapter and contract, with the till's own scanner driver, but
 * without files, so that it runs in an Electron that is too old for SQLite.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSerialScanner } from '../../../drivers/scanner.ts';
import type { Scanner } from '../../../drivers/types.ts';
import type { Input, Output } from '../../../electron/contract/index.ts';
import { Request } from '../../../electron/contract/port.ts';
import { openParentPort } from '../../../electron/hosts/parent-port.ts';
import { splitParentPort } from '../../../electron/hosts/split-port.ts';

const parent = openParentPort();
if (!parent) process.exit(2);
const { page, onLeave } = splitParentPort(parent, (message) => process.stderr.write(`${message}\n`));
let scanner: Scanner | undefined;
let setting: Input<'scanner.set'> = { path: '', profile: 'auto' };

const tell = (name: string, data: unknown): void => page.post({ t: 'event', name, data });

function viewScanner(): Output<'scanner.get'> {
  const { state = 'off', error } = scanner?.status() ?? {};
  return { ...setting, state, message: error?.message ?? '', lastScanAtMs: null };
}

function openScanner(next: Input<'scanner.set'>): Output<'scanner.set'> {
  setting = next;
  scanner = createSerialScanner({ path: next.path, profile: next.profile, ownPrefixes: [] });
  scanner.onScan(({ text }) =>
    tell('scan.resolved', { source: 'serial', result: { kind: 'not-a-card', what: 'unknown', text } }),
  );
  scanner.onState(() => tell('scanner.changed', viewScanner()));
  void scanner.open();
  return viewScanner();
}

const diagnose = (): Output<'till.diagnose'> => ({
  pid: process.pid,
  isUtility: 'parentPort' in process,
  dataFolder: process.env['COUNTERFOIL_DATA'],
  bootId: process.env['COUNTERFOIL_BOOT_ID'],
});

/** Answers as the contract says; the calls that only a till with files can answer are refused. */
function answer({ method, input }: Request): unknown {
  if (method === 'core.ping') return {};
  if (method === 'till.diagnose') return diagnose();
  if (method === 'preferences.set')
    return { language: 'en', theme: 'system', isSoundOn: true, ...(input as object) };
  if (method === 'scanner.get') return viewScanner();
  if (method === 'scanner.set') return openScanner(input as Input<'scanner.set'>);
  return undefined;
}

function serve(message: unknown): void {
  const request = Request.parse(message);
  const reply = { t: 'reply', id: request.id };
  const data = answer(request);
  if (data !== undefined) return page.post({ ...reply, ok: true, data });
  page.post({ ...reply, ok: false, error: { code: 'not_enrolled', message: 'an echo has no files' } });
}

onLeave(() => {
  writeFileSync(join(process.env['COUNTERFOIL_DATA'] ?? '', 'finished'), '');
  process.exit(0);
});
page.onMessage(serve);
page.post({ t: 'ready' });

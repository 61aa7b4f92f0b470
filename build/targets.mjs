/** What is built, from which entry, for which runtime, and which folders can change it. */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

/**
 * `bundles`: `all` packs every package but the native ones (a packaged till ships no node_modules to speak of);
 * `own` packs only our own files, since PGlite and PostgreSQL find their data files beside themselves.
 *
 * @typedef {{ entry: Record<string, string>, runtime: string, bundles: 'all' | 'own', inputs: string[] }} NodeTarget
 * @typedef {'main' | 'preload' | 'core' | 'cli' | 'office' | 'crm' | 'bench'} NodeTargetName
 * @typedef {NodeTargetName | 'renderer'} TargetName
 */

const TILL = ['electron/core', 'electron/hosts', 'electron/contract', 'sync', 'db', 'drivers'];
const ELECTRON_RUNTIME = 'node20'; // Electron 33, the oldest that we run on; raise it when that one is dropped.

/** @type {(folder: string) => Record<string, string>} A worker is a file of its own beside the one that starts it. */
const workers = (folder) =>
  Object.fromEntries(
    globSync(`${folder}/**/*-worker.ts`, { cwd: ROOT }).map((path) => [basename(path, '.ts'), path]),
  );

/** @type {(path: string, inputs: string[]) => NodeTarget} */
const electronTarget = (path, inputs) => ({
  entry: { index: path },
  runtime: ELECTRON_RUNTIME,
  bundles: 'all',
  inputs,
});

/** @type {(path: string, inputs: string[]) => NodeTarget} */
const nodeTarget = (path, inputs) => ({ entry: { index: path }, runtime: 'node24', bundles: 'all', inputs });

/** @type {(path: string) => NodeTarget} */
const tillTarget = (path) => {
  const target = nodeTarget(path, TILL);
  return { ...target, entry: { ...target.entry, ...workers('db') } };
};

/** @type {Record<NodeTargetName, NodeTarget>} */
export const NODE_TARGETS = {
  main: electronTarget('electron/main/index.ts', ['electron/main', 'electron/contract']),
  preload: electronTarget('electron/preload/index.ts', ['electron/preload', 'electron/contract']),
  core: tillTarget('electron/hosts/core.ts'),
  cli: tillTarget('electron/hosts/cli/index.ts'),
  office: tillTarget('electron/hosts/office/index.ts'),
  crm: {
    entry: { index: 'crm/index.ts', ...workers('crm') },
    runtime: 'node24',
    bundles: 'own',
    inputs: ['crm', 'sync'],
  },
  bench: {
    entry: {
      ...{ index: 'tests/bench/index.ts', 'own-tills': 'tests/bench/own-tills.ts' },
      ...{ ...workers('db'), ...workers('crm') },
    },
    runtime: 'node24',
    bundles: 'own',
    inputs: ['tests/bench', 'tests/parts', 'tests/unit/crm', 'crm', ...TILL],
  },
};

/** @type {Record<TargetName, string[]>} */
const INPUTS = {
  main: NODE_TARGETS.main.inputs,
  preload: NODE_TARGETS.preload.inputs,
  core: NODE_TARGETS.core.inputs,
  cli: NODE_TARGETS.cli.inputs,
  office: NODE_TARGETS.office.inputs,
  crm: NODE_TARGETS.crm.inputs,
  bench: NODE_TARGETS.bench.inputs,
  renderer: ['renderer', 'electron/contract', 'sync', 'drivers/decode'],
};

/** What a shop runs; the benchmarks are built only when asked for. */
export const SHOP_TARGETS = /** @type {TargetName[]} */ (
  Object.keys(INPUTS).filter((name) => name !== 'bench')
);

/** @type {(name: string) => TargetName} @throws {Error} for a name that is no target */
export function toTarget(name) {
  if (!Object.hasOwn(INPUTS, name))
    throw new Error(`There is no target ${name}, only ${Object.keys(INPUTS).join(', ')}`);
  return /** @type {TargetName} */ (name);
}

/** @type {(target: TargetName) => string[]} Folders and files that go into `target`, the tools included. */
export const inputsOf = (target) => [
  ...INPUTS[target],
  'build/vite.config.ts',
  'build/targets.mjs',
  'package-lock.json',
];

/** Builds what has changed since the last build, as part of every command that runs something. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { step } from './setup/say.mjs';
import { inputsOf, ROOT, SHOP_TARGETS } from './targets.mjs';

/** @typedef {import('./targets.mjs').TargetName} TargetName */

const OUT = join(ROOT, 'out');

/** @type {(target: TargetName) => string} */
const stampPath = (target) => join(OUT, target, '.stamp');

/** @type {(target: TargetName) => string} One hash over all that goes into `target`, contents and paths. */
function hashInputs(target) {
  const hash = createHash('sha256');
  for (const input of inputsOf(target)) {
    const isFile = statSync(join(ROOT, input)).isFile();
    const paths = isFile ? [input] : globSync(`${input}/**/*.*`, { cwd: ROOT }).sort();
    for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

/** @type {(target: TargetName) => boolean} */
function isUpToDate(target) {
  const path = stampPath(target);
  return existsSync(path) && readFileSync(path, 'utf8') === hashInputs(target);
}

/**
 * Builds into a folder beside the old one and then swaps them, so that nobody ever starts half a build.
 *
 * @param {TargetName} target
 */
async function buildTarget(target) {
  const { build } = await import('vite');
  const hash = hashInputs(target);
  await mkdir(OUT, { recursive: true });
  const fresh = await mkdtemp(join(OUT, `.${target}-`));
  try {
    process.env['COUNTERFOIL_OUT'] = fresh;
    await build({ configFile: join(ROOT, 'build/vite.config.ts'), mode: target });
    await writeFile(join(fresh, '.stamp'), hash);
    await rm(join(OUT, target), { recursive: true, force: true });
    await rename(fresh, join(OUT, target));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** @param {TargetName[]} targets Builds those of `targets` that are out of date, and says so in one line. */
export async function buildAll(targets = SHOP_TARGETS) {
  const stale = targets.filter((target) => !isUpToDate(target));
  if (stale.length === 0) return;
  await step(`build ${stale.join(', ')}`, async () => {
    // One after the other: the output folder travels in the environment, and two cores gain nothing from more.
    for (const target of stale) await buildTarget(target);
  });
}

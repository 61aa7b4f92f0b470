/** `npm run setup`: everything that the other commands would set up when they need it, and the commit hook. */
import { inHouse } from './setup/house.mjs';

await inHouse(import.meta.url, async () => {
  const { spawnSync } = await import('node:child_process');
  const { buildAll } = await import('./build.mjs');
  const { resolveElectron } = await import('./setup/electron.mjs');
  const { installSystemPackages } = await import('./setup/system.mjs');
  const { ROOT } = await import('./targets.mjs');
  spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { cwd: ROOT });
  await installSystemPackages('tests');
  await resolveElectron();
  await buildAll();
});

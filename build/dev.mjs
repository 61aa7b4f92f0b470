/** `npm run dev`: the demo shop, started again whenever a source has changed. Only what changed is built again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { inHouse, NODE_PATH } from './setup/house.mjs';
import { onToldToEnd } from './setup/told.mjs';

const QUIET_MS = 300; // An editor writes a file in several steps, a branch switch many files.
const FOLDERS = ['electron', 'renderer', 'db', 'drivers', 'sync', 'crm'];

await inHouse(import.meta.url, async () => {
  const root = join(import.meta.dirname, '..');
  const startShop = () => spawn(NODE_PATH, [join(root, 'build/start.mjs')], { stdio: 'inherit' });
  let shop = startShop();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const restart = async () => {
    if (shop.exitCode === null) {
      shop.kill('SIGTERM');
      await once(shop, 'exit');
    }
    shop = startShop();
  };
  const watchers = FOLDERS.map((folder) =>
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void restart(), QUIET_MS);
    }),
  );
  onToldToEnd(() => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    if (shop.exitCode === null) shop.kill('SIGTERM');
  });
});

/** `npm run sim`: the simulation, straight from its sources, which our own Node runs as they are. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inHouse, NODE_PATH } from './setup/house.mjs';
import { onToldToEnd } from './setup/told.mjs';

await inHouse(import.meta.url, async () => {
  const script = join(import.meta.dirname, '../tests/sim/index.ts');
  const child = spawn(NODE_PATH, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  onToldToEnd((signal) => signal !== 'SIGINT' && child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
});

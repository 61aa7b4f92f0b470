/** `npm run crm`, `cli`, `bench`: builds what it needs, then becomes that program. `npm run build`: just builds. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inHouse, NODE_PATH } from './setup/house.mjs';
import { onToldToEnd } from './setup/told.mjs';

await inHouse(import.meta.url, async () => {
  const { buildAll } = await import('./build.mjs');
  const { CRM_NODE_FLAGS } = await import('./node-flags.mjs');
  const { ROOT, toTarget } = await import('./targets.mjs');
  const [name = '', ...args] = process.argv.slice(2);
  if (name === 'build') return buildAll();
  const target = toTarget(name);
  await buildAll([target]);
  const flags = target === 'crm' ? CRM_NODE_FLAGS : [];
  const program = join(ROOT, 'out', target, 'index.cjs');
  const child = spawn(NODE_PATH, [...flags, program, ...args], { stdio: 'inherit' });
  onToldToEnd((signal) => signal !== 'SIGINT' && child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
});

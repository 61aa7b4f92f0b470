import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../../../build/targets.mjs';

const HERE = join(ROOT, 'tests/e2e/echo');

/** Makes, in `folder`, a program of the till's own main and preload around a core and a page that only echo. */
export async function makeEchoApp(folder: string): Promise<void> {
  const out = join(folder, 'out');
  await mkdir(out);
  const shared = { configFile: false, logLevel: 'warn' } as const;
  await build({
    ...shared,
    root: join(HERE, 'page'),
    base: './',
    build: {
      outDir: join(out, 'renderer'),
      target: 'chrome130',
      modulePreload: { polyfill: false },
      emptyOutDir: true,
    },
  });
  await build({
    ...shared,
    ssr: { noExternal: true },
    build: {
      ssr: join(HERE, 'core.ts'),
      outDir: join(out, 'core'),
      target: 'node20',
      emptyOutDir: true,
      rolldownOptions: {
        external: ['serialport', ...builtinModules, /^node:/],
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  });
  for (const part of ['main', 'preload'])
    await cp(join(ROOT, 'out', part), join(out, part), { recursive: true });
  await cp(join(HERE, 'main.cjs'), join(folder, 'main.cjs'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'counterfoil-echo', main: 'main.cjs' }),
  );
}

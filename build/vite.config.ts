import { builtinModules } from 'node:module';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';
import packageJson from '../package.json' with { type: 'json' };
import { NODE_TARGETS, type NodeTarget, ROOT, toTarget } from './targets.mjs';

const builtins = [...builtinModules, /^node:/];
const natives = Object.keys(packageJson.dependencies).map((name) => new RegExp(`^${name}($|/)`));

/** A process of Node or Electron: one CommonJS file, since a sandboxed preload and Electron 33's loader need that. */
function nodeConfig({ entry, runtime, bundles }: NodeTarget, outDir: string): UserConfig {
  const external = bundles === 'all' ? ['electron', ...builtins, ...natives] : [/^[^./]/, ...builtins];
  return {
    // Without `ssr` vite takes it for a browser build and `process.env` becomes an empty object.
    ssr: bundles === 'all' ? { noExternal: true } : {},
    build: {
      ssr: true,
      outDir,
      target: runtime,
      minify: false,
      sourcemap: true,
      emptyOutDir: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entry).map(([name, path]) => [name, join(ROOT, path)])),
        external,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  };
}

function pageConfig(outDir: string): UserConfig {
  return {
    root: join(ROOT, 'renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir,
      target: 'chrome130',
      emptyOutDir: true,
      sourcemap: true,
      // A file of its own for each asset: `data:` fonts are not in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // All styles with the first screen: the order of rules, and with it their weight, is the same everywhere.
      cssCodeSplit: false,
      rolldownOptions: {
        output: {
          // zod with its setting: in a file with schemas these would be made before it is set (`zod-setting.ts`).
          codeSplitting: {
            groups: [{ name: 'zod', test: /node_modules\/zod\/|zod-setting\.ts$/, priority: 1 }],
          },
        },
      },
      chunkSizeWarningLimit: 4_000, // kB; the page is read from disk.
    },
  };
}

export default defineConfig(({ mode }): UserConfig => {
  const target = toTarget(mode);
  const outDir = process.env['COUNTERFOIL_OUT'] ?? join(ROOT, 'out', mode);
  const config = target === 'renderer' ? pageConfig(outDir) : nodeConfig(NODE_TARGETS[target], outDir);
  return {
    root: ROOT,
    ...config,
    logLevel: 'warn',
    clearScreen: false,
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
  };
});

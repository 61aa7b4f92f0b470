import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

/** From the source as from the bundle, both of which lie two folders down. */
export const ROOT = join(import.meta.dirname, '../..');

/**
 * The set-up's own modules find their files beside themselves, so they are loaded from there and not packed.
 */
const fromRoot = (path: string): Promise<unknown> => import(pathToFileURL(join(ROOT, path)).href);

type Builds = typeof import('../../build/build.mjs');
type Electrons = typeof import('../../build/setup/electron.mjs');
type Systems = typeof import('../../build/setup/system.mjs');
type Displays = typeof import('../../build/shop/display.mjs');
type Tills = typeof import('../../build/shop/till.mjs');
type Children = typeof import('../../build/shop/child.mjs');

/** A real Electron with a screen to paint on. */
export interface Stage {
  executablePath: string;
  /** Flags that every Electron here gets. */
  switches: string[];
  /** For every Electron here; `COUNTERFOIL_DATA` is the caller's. */
  env: Record<string, string>;
  startChild: Children['startChild'];
  end(): Promise<void>;
}

/** For parts that need the core in a process of its own, and no screen. */
export async function buildCore(): Promise<void> {
  const { buildAll } = (await fromRoot('build/build.mjs')) as Builds;
  await buildAll(['core']);
}

/** Programs that a person has not built yet are built; a screen is made where there is none. */
export async function setStage(): Promise<Stage> {
  const [{ buildAll }, { resolveElectron }, { installSystemPackages }, display, till, { startChild }] =
    (await Promise.all(
      ['build', 'setup/electron', 'setup/system', 'shop/display', 'shop/till', 'shop/child'].map((name) =>
        fromRoot(`build/${name}.mjs`),
      ),
    )) as [Builds, Electrons, Systems, Displays, Tills, Children];
  await installSystemPackages('tests');
  const electron = await resolveElectron();
  await buildAll(['main', 'preload', 'core', 'renderer']);
  const screen = display.hasDisplay() ? undefined : await display.startDisplay();
  const all = { ...process.env, ...till.coreHostEnv(electron), ...(screen && { DISPLAY: screen.display }) };
  return {
    executablePath: electron.executablePath,
    switches: till.rootSwitches(),
    env: Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    startChild,
    end: async () => screen?.end(),
  };
}

/** Starts the program in `appFolder` with Playwright at its page. */
export async function openApp(
  { executablePath, switches, env }: Stage,
  appFolder: string,
  extra: Record<string, string>,
): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await _electron.launch({
    executablePath,
    args: [...switches, appFolder],
    env: { ...env, ...extra },
  });
  return { app, page: await app.firstWindow() };
}

export interface AppParts {
  /** Where its `main` is, from the app's folder. */
  main: string;
  /** What lies where in the app's folder: target -> source. */
  files: Record<string, string>;
}

/** A folder that Electron runs as a program of its own. */
export function makeApp(runFolder: string, { main, files }: AppParts): string {
  const folder = mkdtempSync(join(runFolder, 'app-'));
  mkdirSync(join(folder, 'out'));
  for (const [target, source] of Object.entries(files))
    cpSync(source, join(folder, target), { recursive: true });
  // The core's native packages stay outside its bundle.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'counterfoil-bench', main }));
  return folder;
}

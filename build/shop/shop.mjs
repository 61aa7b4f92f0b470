/** A demo shop: a central CRM with demo members, one enrolled till, its window. */
import { existsSync } from 'node:fs';
import { buildAll } from '../build.mjs';
import { resolveElectron } from '../setup/electron.mjs';
import { say, step } from '../setup/say.mjs';
import { installSystemPackages } from '../setup/system.mjs';
import { onToldToEnd } from '../setup/told.mjs';
import { createKeeper, openCrm, shopPaths } from './demo.mjs';
import { hasDisplay, startDisplay } from './display.mjs';
import { enrolOnce } from './enrol.mjs';
import { takeRun } from './running.mjs';
import { startTill } from './till.mjs';

/** @type {(line: string) => void} */
const print = (line) => void process.stdout.write(`${line}\n`);

const untilTold = () => new Promise(onToldToEnd);

/** @typedef {import('./child.mjs').Child} Child */

/**
 * @typedef {object} Shop
 * @property {ReturnType<typeof shopPaths>} paths
 * @property {import('../setup/electron.mjs').ElectronAtHand} electron
 * @property {ReturnType<typeof createKeeper>['keep']} keep
 */

/** @type {(shop: Shop) => Promise<NodeJS.ProcessEnv>} What the till's window needs to know of where it shows. */
async function findScreen({ paths, keep }) {
  if (hasDisplay()) return {};
  const screen = keep(await startDisplay());
  say(`No display here: the till runs on a screen in memory (Xvfb ${screen.display}).`);
  return { DISPLAY: screen.display, COUNTERFOIL_SCREENSHOT: paths.picture };
}

/** @type {(who: string, how: string, folder: string) => Error} */
const unwanted = (who, how, folder) =>
  new Error(
    `${who} ${how}, so the demo shop is closed. What the till had confirmed is kept in ${folder}.
To go on where it was: npm start. To begin anew: COUNTERFOIL_DEMO_DIR=<another folder> npm start`,
  );

/**
 * Resolves when somebody has closed the till's window.
 *
 * @param {{ till: Pick<Child, 'ended'>, crm: Pick<Child, 'ended'>, folder: string }} shop
 * @returns {Promise<void>}
 * @throws {Error} in words when the till ended in any other way, or its centre in whatever way
 */
export const untilClosed = ({ till, crm, folder }) =>
  Promise.race([
    till.ended.then(({ isGood, words }) => {
      if (!isGood) throw unwanted('The till', words, folder);
    }),
    crm.ended.then(({ words }) => {
      throw unwanted('The central CRM', words, folder);
    }),
  ]);

/** @type {(shop: Shop) => Promise<void>} Resolves when somebody has closed the till's window. */
async function openShop(shop) {
  const { paths, electron, keep } = shop;
  const screen = await findScreen(shop);
  const opening = step('central CRM with demo members', () => openCrm(shop));
  if (!existsSync(paths.enrolled)) {
    const { url } = await opening;
    await step('till enrolled', () => enrolOnce(paths.till, url, paths.enrolled));
  }
  // An enrolled till needs no line to start, so it does not wait for its centre.
  const till = keep(startTill(electron, { COUNTERFOIL_DATA: paths.till, COUNTERFOIL_DEMO: '1', ...screen }));
  const [{ url, crm }] = await Promise.all([
    opening,
    step('till window', () => till.line('till window ready')),
  ]);
  if (screen['COUNTERFOIL_SCREENSHOT']) print(`screenshot ${await till.line('screenshot ')}`);
  print(`ready ${url} data ${paths.folder}`);
  await untilClosed({ till, crm, folder: paths.folder });
}

/** @type {(shop: Shop) => Promise<void>} The till that runs comes to the front; the new one says so and leaves. */
async function showRunning(shop) {
  const { paths, electron, keep } = shop;
  const { COUNTERFOIL_SCREENSHOT: _, ...screen } = await findScreen(shop);
  const second = keep(
    startTill(electron, { COUNTERFOIL_DATA: paths.till, COUNTERFOIL_DEMO: '1', ...screen }),
  );
  print(await second.line(''));
}

/** Starts the shop and stays until its window is closed or it is told to end; then ends all that it started. */
export async function runShop() {
  const paths = shopPaths();
  await installSystemPackages(hasDisplay() ? 'window' : 'display');
  const electron = await resolveElectron();
  await buildAll();
  const { keep, endAll } = createKeeper();
  const shop = { paths, electron, keep };
  const run = await takeRun(paths.running);
  if (!run) {
    await showRunning(shop);
    return endAll();
  }
  try {
    await Promise.race([untilTold(), openShop(shop)]);
  } finally {
    await endAll();
    await run.end();
  }
}

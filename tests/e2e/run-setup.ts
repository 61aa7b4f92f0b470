import setUpRun from '../parts/run-setup.ts';
import { seededFolder } from './shop.ts';

/** Before the first test: a fast folder for what a run makes, and the demo’s centre, which every shop is a copy of. */
export default async function setUpWindows(): Promise<() => Promise<void>> {
  const clear = await setUpRun();
  await seededFolder();
  return clear;
}

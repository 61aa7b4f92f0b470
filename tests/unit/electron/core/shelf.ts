import { rmSync } from 'node:fs';
import type { CoreConfig } from '../../../../electron/core/index.ts';
import { makeFolder, openTestTill, type TestTill } from '../../../parts/till.ts';

/** Tills of one test with their folders, closed and thrown away together. */
export function createShelf(config: Partial<CoreConfig> = {}) {
  const folders: string[] = [];
  const tills = new Set<TestTill>();
  const newFolder = (): string => {
    const dir = makeFolder();
    folders.push(dir);
    return dir;
  };
  const open = (dir: string): TestTill => {
    const till = openTestTill(dir, config);
    tills.add(till);
    return till;
  };
  const close = async (till: TestTill): Promise<void> => {
    tills.delete(till);
    await till.close();
  };
  const clear = async (): Promise<void> => {
    for (const till of tills) await till.close();
    tills.clear();
    for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
  };
  return { newFolder, open, close, clear };
}

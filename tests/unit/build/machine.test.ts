import { expect, test, vi } from 'vitest';
import { machineProblem } from '../../../build/setup/system.mjs';

test('where there can be no virtual machine, it is said what would be needed', async () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(await machineProblem()).toMatch(/^Missing from this system; in Debian's names: .*qemu-system-x86/);
});

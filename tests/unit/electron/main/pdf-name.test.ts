import { expect, test } from 'vitest';
import { toPdfName } from '../../../../electron/main/pdf-name.ts';

test.each([
  ['Counterfoil 2026-11-22 till-1', 'Counterfoil 2026-11-22 till-1.pdf'],
  ['../../etc/passwd', 'etc passwd.pdf'],
  ['C:\\a\u0000b<c>|d.exe', 'C a b c d exe.pdf'],
  ['日结 2026', '日结 2026.pdf'],
  ['', 'counterfoil.pdf'],
  [{ path: '/etc' }, 'counterfoil.pdf'],
  ['a'.repeat(200), `${'a'.repeat(80)}.pdf`],
])('a page that proposes %j gets a name and no folder', (asked, name) => {
  expect(toPdfName(asked)).toBe(name);
});

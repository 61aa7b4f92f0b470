import { expect, test } from 'vitest';
import { startChild } from '../../../build/shop/child.mjs';

const node = (script: string) => startChild(process.execPath, ['-e', script], { name: 'probe' });

test('a line is found whether it came before or after the question', async () => {
  const child = node(`console.log('one 1'); console.log('two 2'); setInterval(() => {}, 1000)`);
  expect(await child.line('two ')).toBe('2');
  expect(await child.line('one ')).toBe('1');
  await child.end();
});

test('a program that ends without the line says how it ended', async () => {
  const child = node(`console.log('last words'); process.exit(3)`);
  await expect(child.line('ready')).rejects.toThrow('probe: ended with exit code 3; last words');
});

test('a program that can not be started is reported, not thrown', async () => {
  const child = startChild('/nonexistent/program', [], { name: 'nobody' });
  await expect(child.line('ready')).rejects.toThrow('nobody: ');
  await child.end();
});

test('a program says how it ended: by itself without a fault, with one, or killed', async () => {
  expect(await node('').ended).toEqual({ isGood: true, words: 'ended with exit code 0' });
  expect(await node('process.exit(3)').ended).toEqual({ isGood: false, words: 'ended with exit code 3' });
  const killed = node(`process.kill(process.pid, 'SIGKILL')`);
  expect(await killed.ended).toEqual({ isGood: false, words: 'ended with SIGKILL' });
});

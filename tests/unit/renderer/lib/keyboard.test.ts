import { expect, test } from 'vitest';
import { createKeyboard } from '../../../../renderer/lib/keyboard.tsx';

const bind = (log: string[], name: string) => ({ label: name, act: () => log.push(name) });

test('the highest layer that knows a key takes it', () => {
  const log: string[] = [];
  const keyboard = createKeyboard();
  keyboard.add('screen', () => ({ F2: bind(log, 'screen'), F3: bind(log, 'screen F3') }));
  keyboard.add('app', () => ({ F2: bind(log, 'app'), F1: bind(log, 'app F1') }));
  expect([keyboard.press('F2'), keyboard.press('F1'), keyboard.press('F3'), keyboard.press('F4')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(log).toEqual(['screen', 'app F1', 'screen F3']);
});

test('a dialog keeps every key to itself', () => {
  const log: string[] = [];
  const keyboard = createKeyboard();
  keyboard.add('screen', () => ({ F2: bind(log, 'screen') }));
  const close = keyboard.add('dialog', () => ({ Escape: bind(log, 'dialog') }));
  expect(keyboard.press('F2')).toBe(false);
  close();
  expect(keyboard.press('F2')).toBe(true);
  expect(log).toEqual(['screen']);
});

test('the list for the key sheet holds what would act', () => {
  const keyboard = createKeyboard();
  keyboard.add('app', () => ({ F2: bind([], 'app'), F1: bind([], 'keys') }));
  keyboard.add('screen', () => ({ F2: bind([], 'stamp') }));
  expect(keyboard.list()).toEqual([
    { key: 'F2', label: 'stamp' },
    { key: 'F1', label: 'keys' },
  ]);
});

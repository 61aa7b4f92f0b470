import { beforeAll, describe, expect, test } from 'vitest';
import { HID_CHECKS, USB_CHECKS } from './guest/checks.ts';
import { runMachine, type MachineReport } from './machine.ts';

let report: MachineReport;
beforeAll(async () => {
  report = await runMachine(['hid', 'usb']);
  for (const figure of report.figures) process.stdout.write(`machine: ${figure}\n`);
  const isWell = report.exits.size === 2 && [...report.checks.values()].every((why) => why === '');
  if (!isWell) process.stdout.write(`${report.console}\n`);
});

const verdictOn = (name: string): string => report.checks.get(name) ?? 'was not reached';

describe('devices of the kernel’s HID core, through the product', () => {
  test.each(HID_CHECKS)('%s', (name) => {
    expect(verdictOn(name)).toBe('');
  });
});

describe('a device on the kernel’s USB stack, through the product', () => {
  test.each(USB_CHECKS)('%s', (name) => {
    expect(verdictOn(name)).toBe('');
  });
});

test('both programs end by themselves and well', () => {
  expect([...report.exits]).toEqual([
    ['hid', 0],
    ['usb', 0],
  ]);
});

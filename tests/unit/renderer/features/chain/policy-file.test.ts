import { expect, test } from 'vitest';
import { POLICY_TEXT_MAX } from '../../../../../sync/model/policy-text.ts';
import { readPolicyFile } from '../../../../../renderer/features/chain/policy-file.ts';

const read = (content: string | Uint8Array<ArrayBuffer>, name = 'policy.txt') =>
  readPolicyFile(new File([content], name));

test('a plain text file is taken as it is, in any script, without its mark and with one kind of line end', async () => {
  expect(await read('﻿We keep your number.\r\n\r\n\t我们保留您的号码。\rEnd\n', 'POLICY.TXT')).toEqual({
    text: 'We keep your number.\n\n\t我们保留您的号码。\nEnd',
  });
  expect(await read('<script>alert(1)</script>')).toEqual({ text: '<script>alert(1)</script>' });
  const most = '字'.repeat(POLICY_TEXT_MAX);
  expect(await read(most)).toEqual({ text: most });
});

test('what is no plain text in UTF-8, is empty or gone is refused whole', async () => {
  const noText = { problem: 'noText' };
  expect(await read('<p>We keep it.</p>', 'policy.html')).toEqual(noText);
  // A zip, as of a word processor; Latin-1; UTF-16; a zero.
  for (const bytes of [
    [80, 75, 3, 4, 20, 0],
    [67, 97, 102, 233],
    [255, 254, 65, 0],
    [65, 0, 66],
    [32, 10],
  ])
    expect(await read(new Uint8Array(bytes))).toEqual(noText);
  const gone = { name: 'a.txt', size: 3, arrayBuffer: () => Promise.reject(new Error('gone')) };
  expect(await readPolicyFile(gone)).toEqual(noText);
});

test('a file that is too long is refused, and a huge one is not even read', async () => {
  expect(await read('x'.repeat(POLICY_TEXT_MAX + 1))).toEqual({ problem: 'long' });
  const huge = { name: 'a.txt', size: 2 ** 40, arrayBuffer: () => Promise.reject(new Error('read')) };
  expect(await readPolicyFile(huge)).toEqual({ problem: 'long' });
});

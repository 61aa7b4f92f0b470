import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createReach, postOnce, readCallUrl } from '../../../../crm/integration/reach.ts';

const outside = createReach('');
const INNER = [
  ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
  ...[
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
  ],
  ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::1', 'ff02::1', '::127.0.0.1'],
];

test('no address inside a house or of one machine may be called, in any notation', () => {
  expect(INNER.filter((address) => outside.isAllowed(address))).toEqual([]);
  expect(['8.8.8.8', '172.32.0.1', '2606:4700::1'].filter((address) => !outside.isAllowed(address))).toEqual(
    [],
  );
  expect(['localhost', '', '1.2.3', 'x'].filter((address) => outside.isAllowed(address))).toEqual([]);
});

test('what the operator names may be called, and nothing beside it', () => {
  const some = createReach(' 10.1.0.0/16, ::1 ');
  expect([some.isAllowed('10.1.9.9'), some.isAllowed('::1'), some.isAllowed('10.2.0.1')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(() => createReach('10.1.0.0/16,nonsense')).toThrow('no range of addresses');
});

test('addresses that hide where they lead are refused', () => {
  const bad = [
    ...[
      'https://127.0.0.1/x',
      'https://[::1]/',
      'https://[::ffff:7f00:1]/',
      'https://2130706433/',
      'https://0x7f.1/',
    ],
    ...[
      'https://0177.0.0.1/',
      'http://8.8.8.8/',
      'ftp://example.com/',
      'file:///etc/passwd',
      'https://u:p@example.com/',
    ],
    ...['https://example.com/#x', 'javascript:alert(1)', 'https://', '', 'example.com', 'data:text/plain,x'],
  ];
  expect(bad.filter((text) => readCallUrl(text, outside) !== null)).toEqual([]);
  expect(readCallUrl('https://example.com/hook?x=1', outside)?.hostname).toBe('example.com');
  expect(readCallUrl('http://127.0.0.1:80/', createReach('127.0.0.0/8'))).not.toBeNull();
});

test('a receiver that wants to speak something else than HTTP is hung up on, and the call has an end', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const call = { url, headers: {}, body: '{}', timeoutMs: 60_000 };
  await expect(postOnce(createReach('127.0.0.1'), call)).rejects.toMatchObject({
    reason: 'status_101',
    mayBeHeard: true,
  });
  // Only once the line is gone does it close.
  await new Promise((settle) => server.close(settle));
});

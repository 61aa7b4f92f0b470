import { expect, test } from 'vitest';
import * as centre from '../../../crm/node-crypto.ts';
import * as till from '../../../electron/core/crypto.ts';

const SECRET = '1f'.repeat(32);
const MESSAGES = ['', 'a', '咖啡', '\ud83d\ude00', Uint8Array.of(0, 255, 128)] as const;
const COST = { n: 1_024, r: 8, p: 1 };

test('till and centre hash, sign, and derive PINs to the same bytes, though each has code of its own', async () => {
  expect(till.signingPublicKey(SECRET)).toBe(centre.signingPublicKey(SECRET));
  for (const message of MESSAGES)
    expect(till.nodeSigning.sign(SECRET, message)).toBe(centre.nodeSigning.sign(SECRET, message));
  expect(till.nodeCrypto.sha256Hex('咖啡')).toBe(centre.nodeCrypto.sha256Hex('咖啡'));
  const salt = Buffer.alloc(16, 7).toString('base64');
  expect(await till.nodeScrypt('739205', salt, COST)).toBe(await centre.nodeScrypt('739205', salt, COST));
});

test.each([
  ['the till', till.nodeSigning],
  ['the centre', centre.nodeSigning],
])('%s takes what the other signed, and nothing that was bent', (_name, { isSigned }) => {
  const publicKey = till.signingPublicKey(SECRET);
  for (const { sign } of [till.nodeSigning, centre.nodeSigning]) {
    const signature = sign(SECRET, 'a day');
    expect(isSigned(publicKey, 'a day', signature)).toBe(true);
    expect(isSigned(publicKey, 'a night', signature)).toBe(false);
    expect(isSigned(publicKey, 'a day', signature.toUpperCase())).toBe(false);
    expect(isSigned('ff'.repeat(32), 'a day', signature)).toBe(false);
    expect(isSigned('', 'a day', '')).toBe(false);
  }
});

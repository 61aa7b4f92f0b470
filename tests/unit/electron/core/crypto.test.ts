import { expect, test } from 'vitest';
import { newSigningKey, nodeSigning } from '../../../../electron/core/crypto.ts';

test('however many keys come and go, each signature is of its own', () => {
  const pairs = Array.from({ length: 20 }, newSigningKey);
  const signatures = pairs.map(({ secretKey }) => nodeSigning.sign(secretKey, 'text'));
  for (const [at, { publicKey }] of pairs.entries()) {
    const right = signatures.map((signature) => nodeSigning.isSigned(publicKey, 'text', signature));
    expect(right).toEqual(pairs.map((_, other) => other === at));
  }
  // No point of the curve, asked about twice.
  const noKey = `${'f'.repeat(62)}7f`;
  expect([1, 2].map(() => nodeSigning.isSigned(noKey, 'text', signatures[0] ?? ''))).toEqual([false, false]);
});

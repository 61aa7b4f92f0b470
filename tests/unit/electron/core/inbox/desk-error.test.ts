import { expect, test } from 'vitest';
import { CentreFault } from '../../../../../electron/core/centre-client.ts';
import { toDeskError } from '../../../../../electron/core/inbox/desk.ts';

test('a wait that the centre asks for reaches the person who must wait; one that it does not name is not made up', () => {
  const message = 'Too many wrong PINs for this login. Nothing was changed. Wait 15 minutes and try again.';
  const told = (retryAfterMs: number | null) =>
    toDeskError(new CentreFault({ kind: 'busy', code: 'busy', retryAfterMs }, message));
  expect(told(899_200)).toMatchObject({ code: 'pin_locked', message, waitSeconds: 900 });
  expect(told(null)).toMatchObject({ code: 'pin_locked', message, waitSeconds: null });
});

import { expect, test } from 'vitest';
import { assertProtocol } from '../../../../crm/routes/exchange.ts';
import { CentreRefusal } from '../../../../crm/refusal.ts';
import { openTill } from '../../../../db/till/open.ts';
import { CentreFault } from '../../../../electron/core/centre-client.ts';
import { speak } from '../../../../electron/core/speaking.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import {
  PROTOCOL_VERSION,
  type ExchangeReply,
  type ExchangeRequest,
} from '../../../../sync/protocol/exchange.ts';
import type { VersionRange } from '../../../../sync/protocol/versions.ts';
import { closing, KEY, tempFolder } from '../../db/files.ts';

const N = PROTOCOL_VERSION;

/** A centre of a pretended program: the real check before anything is read, then an answer that says what it chose. */
function centreOf(known: VersionRange) {
  const asked: number[] = [];
  const exchange = (request: ExchangeRequest): Promise<ExchangeReply> => {
    asked.push(request.protocol);
    try {
      // Cast: of an answer only the version is looked at here.
      return Promise.resolve({ protocol: assertProtocol(request, known) } as ExchangeReply);
    } catch (cause) {
      if (!(cause instanceof CentreRefusal)) throw cause;
      const { code, message, protocols } = cause;
      return Promise.reject(new CentreFault({ kind: 'refused', code, protocols }, message));
    }
  };
  return { asked, centre: { exchange } };
}

const newSettings = () =>
  createTillSettings(closing(openTill({ path: `${tempFolder()}/till.db`, keyHex: KEY })).settings);
// Cast: the rest of a request is not looked at.
const request = { protocol: N, tillId: 'till-1' } as ExchangeRequest;
const range = (oldest: number, newest: number): VersionRange => ({ oldest, newest });

test.each([
  ['N', 'N', range(N, N), range(N, N), N, [N]],
  ['N', 'N-1 to N', range(N, N), range(N - 1, N), N, [N]],
  ['N', 'N to N+1', range(N, N), range(N, N + 1), N, [N]],
  ['N-1', 'N-1 to N', range(N - 1, N - 1), range(N - 1, N), N - 1, [N - 1]],
  ['N-1 to N', 'N', range(N - 1, N), range(N, N), N, [N]],
  ['N-1 to N', 'N-1', range(N - 1, N), range(N - 1, N - 1), N - 1, [N, N - 1]],
  ['N to N+1', 'N', range(N, N + 1), range(N, N), N, [N + 1, N]],
  ['N to N+1', 'N-1 to N', range(N, N + 1), range(N - 1, N), N, [N + 1, N]],
  ['N-1 to N+1', 'N-1 to N+1', range(N - 1, N + 1), range(N - 1, N + 1), N + 1, [N + 1]],
])('a till of %s and a centre of %s understand each other', async (...matched) => {
  const [, , own, known, spoken, asked] = matched;
  const settings = newSettings();
  const pretended = centreOf(known);
  const parts = { settings, centre: pretended.centre, protocols: own };
  expect((await speak(parts, request)).protocol).toBe(spoken);
  expect(pretended.asked).toEqual(asked);
  // From then on the first try is the right one.
  pretended.asked.length = 0;
  await speak(parts, request);
  expect(pretended.asked).toEqual([spoken]);
});

test.each([
  ['N-1', 'N', range(N - 1, N - 1), range(N, N), 'Update this till'],
  ['N', 'N+1', range(N, N), range(N + 1, N + 1), 'Update this till'],
  ['N+1', 'N-1 to N', range(N + 1, N + 1), range(N - 1, N), 'Update the centre'],
])('a till of %s and a centre of %s have nothing in common: refused once, in words', async (...matched) => {
  const [, , own, known, words] = matched;
  const { asked, centre } = centreOf(known);
  const speaking = speak({ settings: newSettings(), centre, protocols: own }, request);
  await expect(speaking).rejects.toMatchObject({
    code: 'protocol_unsupported',
    message: expect.stringContaining(words) as string,
  });
  expect(asked).toHaveLength(1);
});

test('when the centre is updated, a till that knows more speaks it with the next request', async () => {
  const settings = newSettings();
  const own = range(N, N + 1);
  await speak({ settings, centre: centreOf(range(N, N)).centre, protocols: own }, request);
  const updated = centreOf(range(N, N + 1));
  for (let round = 0; round < 2; round += 1) {
    await speak({ settings, centre: updated.centre, protocols: own }, request);
  }
  expect(updated.asked).toEqual([N, N + 1]);
});

test('a till that knows one version says nothing besides: an idle exchange costs no byte more', async () => {
  const sent: ExchangeRequest[] = [];
  const exchange = (stated: ExchangeRequest): Promise<ExchangeReply> => {
    sent.push(stated);
    return Promise.resolve({ protocol: N } as ExchangeReply);
  };
  await speak({ settings: newSettings(), centre: { exchange } }, request);
  expect(sent).toEqual([request]);
});

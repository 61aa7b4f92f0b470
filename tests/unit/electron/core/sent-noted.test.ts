import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { CentreFault } from '../../../../electron/core/centre-client.ts';
import { exchangeOnce, type StepParts } from '../../../../electron/core/exchange-step.ts';
import { SendAhead } from '../../../../electron/core/send-ahead.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { CHAIN_START, sealOp } from '../../../../sync/model/op.ts';
import type { ExchangeReply, ExchangeRequest } from '../../../../sync/protocol/exchange.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, makeOp } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('before a request leaves, all ops in it are noted as sent, also one saved while another was on its way', async () => {
  const till = openTill({ path: join(folder, 'till.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(folder, 'replica.db'), keyHex: KEY_HEX });
  replica.apply(EMPTY_ROWS, { epoch: 'e', cursor: 9, isSettled: true });
  const settings = createTillSettings(till.settings);
  const append = (tseq: number): void => {
    const op = { ...makeOp(createdBody(), { tseq, atMs: 1_700_000_000_000 + tseq }) };
    const sealed = sealOp({ ...op, prev: till.ops.last()?.hash ?? CHAIN_START }, testCrypto);
    till.transaction(() => till.ops.append(sealed, []));
  };
  [1, 2].forEach(append);
  const left: [from: number, lastTseq: number, noted: number][] = [];
  const replyTo = ({ ackedTseq }: ExchangeRequest): ExchangeReply => ({
    ...{
      protocol: 1,
      epoch: 'e',
      hiTseq: ackedTseq + 1,
      durableTseq: 0,
      fence: '',
      held: [],
      erasures: null,
    },
    ...{ acks: [{ firstTseq: ackedTseq + 1, count: 1, firstSeq: ackedTseq + 10 }], releases: [] },
    ...{ rows: EMPTY_ROWS, cursor: 9, headSeq: 9, isFarBehind: false, cardBlock: null, serverTimeMs: 0 },
    hasMore: true,
  });
  const exchange = async (request: ExchangeRequest): Promise<ExchangeReply> => {
    left.push([request.ackedTseq, request.lastTseq, settings.sentTseq()]);
    if (left.length !== 2) return replyTo(request);
    append(3);
    await new Promise((resolve) => setImmediate(resolve));
    throw new CentreFault({ kind: 'refused', code: 'tseq_gap' }, 'Out of its turn.');
  };
  // Cast: a step uses nothing else of either.
  const others = { enrolment: { tillId: 't', incarnation: 1 }, centre: { exchange } } as unknown as StepParts;
  const step = {
    ...others,
    till,
    replica,
    settings,
    wallMs: 0,
    isInFull: false,
    ahead: new SendAhead(),
    opsMax: 1,
  };
  for (let count = 0; count < 3; count += 1) await exchangeOnce(step);
  expect(left.map(([from]) => from)).toEqual([0, 1, 1, 2]);
  expect(left.every(([, lastTseq, noted]) => noted >= lastTseq)).toBe(true);
  expect(left.at(-1)?.[1]).toBe(3);
  till.close();
  replica.close();
});

import { isRealDay } from '../../../sync/base/business-day.ts';
import type { CloseView } from '../../contract/closes.ts';
import { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';
import { UsageError } from './arguments.ts';
import { type Command, type Outcome, TEXT, textOf } from './command.ts';

/** A close counts without a line: what can not be sent now, the till's next sync sends. */
async function trySync(client: CoreClient): Promise<void> {
  try {
    await client['sync.run']({});
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
  }
}

const PROOF: Record<CloseView['proof']['state'], string> = {
  open: 'not closed',
  pending: 'closed; the proof is pending until the centre has answered',
  equal: 'closed and proven: the centre has the same',
  differs: 'closed; the centre has something else',
};

function toOutcome(close: CloseView): Outcome {
  const { businessDay, opCount, lines, chainHead, proof } = close;
  const text = [
    `${businessDay}: ${opCount} actions, ${PROOF[proof.state]}`,
    ...lines.map(({ kind, count, units }) => `  ${kind}: ${count}${units === 0 ? '' : `, ${units} units`}`),
    ...proof.differences.map(({ tseq, what, kind }) => `  action ${tseq} ${kind}: ${what}`),
    `  chain ${chainHead.tseq} ${chainHead.hash}`,
  ].join('\n');
  return { data: { ...close }, text };
}

const closeDay: Command = {
  name: 'close-day',
  operands: [],
  options: { day: TEXT },
  about:
    'ends a business day (a supervisor or manager) and shows its certificate; --day for one that is over',
  check: (args) => {
    const day = textOf(args, 'day');
    if (day !== null && !isRealDay(day)) throw new UsageError('--day is YYYY-MM-DD');
  },
  run: async ({ args, open }) => {
    const client = await open('write');
    const { businessDay } = await client['day.close']({ businessDay: textOf(args, 'day') });
    await trySync(client);
    return toOutcome(await client['day.getClose']({ businessDay }));
  },
};

export const dayCommands: readonly Command[] = [closeDay];

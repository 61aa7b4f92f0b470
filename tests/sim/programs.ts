import type { CentreClient } from '../../electron/core/centre-client.ts';
import type { OpWriter } from '../../electron/core/op-writer.ts';
import { PROTOCOL_OLDEST, PROTOCOL_VERSION } from '../../sync/protocol/exchange.ts';

/**
 * Which program a till runs. `early`: its spends do not say yet what pays for them, and its op shapes are others;
 * `too old` and `ahead`: it speaks a protocol that this centre does not.
 */
export type Program = 'now' | 'early' | 'too old' | 'ahead';

const PROTOCOLS: Readonly<Record<Program, number>> = {
  now: PROTOCOL_VERSION,
  early: PROTOCOL_VERSION,
  'too old': PROTOCOL_OLDEST - 1,
  ahead: PROTOCOL_VERSION + 1,
};

/** The client as that program has it. */
export function speaking(program: Program, client: CentreClient): CentreClient {
  if (program === 'now') return client;
  const protocol = PROTOCOLS[program];
  return {
    ...client,
    exchange: (body) => client.exchange({ ...body, protocol, schema: '0'.repeat(16) }),
    begin: (body) => client.begin({ ...body, protocol }),
    strays: (body) => client.strays({ ...body, protocol }),
    holds: (body) => client.holds({ ...body, protocol }),
    spills: (body) => client.spills({ ...body, protocol }),
    closes: (body) => client.closes({ ...body, protocol }),
  };
}

/** The writer as that program has it. */
export function writing(program: Program, writer: OpWriter): OpWriter {
  if (program !== 'early') return writer;
  return {
    ...writer,
    commit: (intent) =>
      writer.commit({
        ...intent,
        make: () => {
          const made = intent.make();
          if (!('cover' in made.body)) return made;
          const { cover: _, ...body } = made.body;
          return { ...made, body };
        },
      }),
  };
}

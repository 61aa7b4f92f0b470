import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import type * as Real from '../../../crm/feed/chunk-packer.ts';
import type { MemoryChunk } from '../memory-fill.ts';

/** A chunk without a thread and without a database: its rows as JSON, each exact up to the snapshot's number. */
export const startChunkPacker: typeof Real.startChunkPacker = () => ({
  pack: ({ seq, members, cards, accounts }) => {
    const exact = <Row extends { seq: number }>(text: string): Row[] =>
      (JSON.parse(text) as Row[]).map((row) => ({ ...row, seq: Math.max(seq, row.seq) }));
    const chunk: MemoryChunk = { members: exact(members), cards: exact(cards), accounts: exact(accounts) };
    const image = Buffer.from(JSON.stringify(chunk));
    const body = zstdCompressSync(image);
    return Promise.resolve({
      ...{ body, plainBytes: image.length, sha256: createHash('sha256').update(body).digest('hex') },
      members: chunk.members.length,
      cards: chunk.cards.length,
      accounts: chunk.accounts.length,
    });
  },
  close: () => Promise.resolve(),
});

import { constants, zstdCompressSync, zstdDecompressSync, type ZstdOptions } from 'node:zlib';

export { constants };

type Done = (fault: Error | null, bytes: Buffer) => void;

/** Stands in for `zstdCompress` of `node:zlib`: at once, because threads of the platform keep no order. */
export function zstdCompress(bytes: Uint8Array | string, ...rest: [Done] | [ZstdOptions, Done]): void {
  const done = rest.at(-1) as Done;
  // Which level it is does not matter here, and the best one is slow.
  done(null, zstdCompressSync(bytes));
}

export function zstdDecompress(bytes: Uint8Array, ...rest: [Done] | [ZstdOptions, Done]): void {
  const done = rest.at(-1) as Done;
  let plain: Buffer;
  try {
    plain = rest.length === 2 ? zstdDecompressSync(bytes, rest[0]) : zstdDecompressSync(bytes);
  } catch (cause) {
    done(cause as Error, Buffer.alloc(0));
    return;
  }
  done(null, plain);
}

const KEPT_BYTES_MAX = 32 * 1024 * 1024;

/** Finds a file by its SHA-256, which says all about it. */
export type KeptFiles = (
  sha256: string,
  find: () => Promise<Buffer | undefined>,
) => Promise<Buffer | undefined>;

/**
 * Files that were asked for last, in memory: tills of a chain want the same ones, and often at the same time. Who
 * asks must know that the file is still there: one that was taken away for somebody's sake is not given out.
 */
export function createKeptFiles(bytesMax: number = KEPT_BYTES_MAX): KeptFiles {
  /** In order of their last use. */
  const kept = new Map<string, Promise<Buffer | undefined>>();
  const sizes = new Map<string, number>();
  let bytes = 0;
  const forget = (sha256: string): void => {
    kept.delete(sha256);
    bytes -= sizes.get(sha256) ?? 0;
    sizes.delete(sha256);
  };
  const note = (sha256: string, size: number): void => {
    sizes.set(sha256, size);
    bytes += size;
    for (const oldest of [...sizes.keys()]) {
      if (bytes <= bytesMax) return;
      forget(oldest);
    }
  };
  const fetch = async (sha256: string, find: () => Promise<Buffer | undefined>) => {
    try {
      const body = await find();
      if (body === undefined) forget(sha256);
      else note(sha256, body.length);
      return body;
    } catch (cause) {
      forget(sha256);
      throw cause;
    }
  };
  return (sha256, find) => {
    const known = kept.get(sha256);
    if (known === undefined) {
      const fetching = fetch(sha256, find);
      kept.set(sha256, fetching);
      return fetching;
    }
    const size = sizes.get(sha256);
    if (size !== undefined) {
      // Behind all others.
      sizes.delete(sha256);
      sizes.set(sha256, size);
    }
    return known;
  };
}

import * as Real from '../../../electron/core/pull/feed-source.ts';

export * from '../../../electron/core/pull/feed-source.ts';

type Fetch = (path: string, headers: Readonly<Record<string, string>>) => Promise<Response>;

const machines = new WeakMap<AbortSignal, Fetch>();
let asking: Fetch | null = null;

/** Requests of the machine that hangs up by this signal go its own way. */
export const routeFetches = (hangUp: AbortSignal, fetchThere: Fetch): void =>
  void machines.set(hangUp, fetchThere);

// Cast: the one caller under simulation hands in a URL and plain headers.
globalThis.fetch = ((url: URL, { headers }: { headers: Record<string, string> }) =>
  asking === null
    ? Promise.reject(new Error('nobody under simulation asked for this'))
    : asking(url.pathname + url.search, headers)) as unknown as typeof fetch;

/** The real one: each of its methods reaches for the line at once, so whose line it is can be said around it. */
export const createFeedSource: typeof Real.createFeedSource = (place) => {
  const source = Real.createFeedSource(place);
  const own = machines.get(place.hangUp) ?? null;
  const around =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      asking = own;
      try {
        return method(...args);
      } finally {
        asking = null;
      }
    };
  return {
    manifest: around(source.manifest),
    lane: around(source.lane),
    chunk: around(source.chunk),
    entries: around(source.entries),
    documents: around(source.documents),
    digests: around(source.digests),
    bucketRows: around(source.bucketRows),
    wake: around(source.wake),
  };
};

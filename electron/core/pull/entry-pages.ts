import type { EntryPage } from '../../../sync/feed/replies.ts';
import { nonsense, type FeedSource } from './feed-source.ts';

/** The own store's entries behind `after` and up to `until`, page by page. */
export interface EntryPages {
  after: number;
  until: number;
  /** Null behind the last one. @throws CentreFault */
  next(): Promise<EntryPage | null>;
}

const ignore = (): void => undefined;

/**
 * Asks at once; each further page is asked for as soon as the one before has come, so that one is on its way and
 * one waits while a third is written, and no more than that.
 */
export function entryPages(
  source: Pick<FeedSource, 'entries'>,
  { after, until }: { after: number; until: number },
): EntryPages {
  const ask = async (from: number): Promise<EntryPage> => {
    const page = await source.entries({ after: from, until });
    if (page.until <= from) throw nonsense('The centre sends the same entries again.');
    return page;
  };
  const askBehind = async (before: Promise<EntryPage | null>): Promise<EntryPage | null> => {
    const page = await before;
    return page === null || page.until >= until ? null : ask(page.until);
  };
  // Whoever comes for a page meets its failure.
  const begin = (page: Promise<EntryPage | null>): Promise<EntryPage | null> => {
    page.catch(ignore);
    return page;
  };
  let coming = begin(ask(after));
  let behind = begin(askBehind(coming));
  return {
    after,
    until,
    next: async () => {
      const page = coming;
      coming = behind;
      behind = begin(askBehind(coming));
      return page;
    },
  };
}

import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import type { EntryView } from '../../../electron/contract/views.ts';
import type { MemberId } from './member-state.ts';
import type { Stretch } from './stretches.ts';

/** What stands beside the cards: read after the page is painted, and left out where it could not be read. */
export interface Aside {
  readonly memberId: MemberId;
  readonly segments: Output<'segments.forMember'> | null;
  /** Read when the details are opened. */
  readonly consents: Output<'consents.list'> | null;
  /** Purchases that came with a receipt; read with the consents. */
  readonly receipts: Stretch | null;
  /** The shop that she came to most often; read with the consents. */
  readonly favourite: Output<'members.favouriteStore'> | null;
  /** Units that end some day; read with the consents. */
  readonly ending: Output<'members.listEnding'> | null;
  /** Of groups and attributes that a reason may name, by field and id. */
  readonly names: Readonly<Record<string, string>>;
}

export const asideName = (field: string, id: string): string => `${field} ${id}`;
const textIn = (body: Readonly<Record<string, unknown>>, key: string): string =>
  typeof body[key] === 'string' ? body[key] : '';

/** Nothing of the page waits for it, so a refusal only leaves it out. */
const orNull = <Value>(asked: Promise<Value>): Promise<Value | null> => asked.catch(() => null);

async function namesOf(core: CoreClient): Promise<Record<string, string>> {
  const [groups, attributes] = await Promise.all([
    orNull(core['documents.list']({ kind: 'group' })),
    orNull(core['attributes.list']({})),
  ]);
  return Object.fromEntries([
    ...(groups ?? []).map(({ id, body }) => [asideName('groups', id), textIn(body, 'name') || id] as const),
    ...(attributes ?? []).map(({ attributeId, name }) => [asideName('custom', attributeId), name] as const),
  ]);
}

export async function readAside(core: CoreClient, memberId: MemberId): Promise<Aside> {
  const [segments, names] = await Promise.all([
    orNull(core['segments.forMember']({ memberId })),
    namesOf(core),
  ]);
  const details = { consents: null, receipts: null, favourite: null, ending: null };
  return { memberId, segments, ...details, names };
}

export const readConsents = (core: CoreClient, memberId: MemberId): Promise<Aside['consents']> =>
  orNull(core['consents.list']({ memberId }));

export const readFavourite = (core: CoreClient, memberId: MemberId): Promise<Aside['favourite']> =>
  orNull(core['members.favouriteStore']({ memberId }));

export const readEnding = (core: CoreClient, memberId: MemberId): Promise<Aside['ending']> =>
  orNull(core['members.listEnding']({ memberId }));

/** Entries from before those that come with the member. */
export interface Older extends Stretch {
  readonly memberId: MemberId;
}

/** All that was read, newest first; an entry that came with the member is newer than the same one read before. */
export function joinHistory(history: readonly EntryView[], older: Older | null): readonly EntryView[] {
  if (older === null) return history;
  const known = new Set(history.map(({ opId }) => opId));
  // A new entry moves all places by one: until older ones are read anew, the first of them may be known twice.
  const rest = new Map(older.entries.map((entry) => [entry.opId, entry]));
  return [...history, ...[...rest.values()].filter(({ opId }) => !known.has(opId))];
}

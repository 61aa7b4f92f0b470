import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import type { MemberId } from './member-state.ts';

/** What stands beside the cards: read after the page is painted, and left out where it could not be read. */
export interface Aside {
  readonly memberId: MemberId;
  readonly segments: Output<'segments.forMember'> | null;
  /** Read when the details are opened. */
  readonly consents: Output<'consents.list'> | null;
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
  return { memberId, segments, consents: null, names };
}

export const readConsents = (core: CoreClient, memberId: MemberId): Promise<Aside['consents']> =>
  orNull(core['consents.list']({ memberId }));

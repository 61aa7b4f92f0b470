/** Versions of the protocol that a program understands, both ends included. */
export interface VersionRange {
  oldest: number;
  newest: number;
}

/** What a request says of its sender: the version that it is written in, and which others are known. */
export interface StatedVersions {
  protocol: number;
  protocols?: readonly [oldest: number, newest: number] | undefined;
}

/** Null when they have none in common. */
export function highestCommon(one: VersionRange, other: VersionRange): number | null {
  const highest = Math.min(one.newest, other.newest);
  return highest >= Math.max(one.oldest, other.oldest) ? highest : null;
}

export const rangeOf = ({ protocol, protocols }: StatedVersions): VersionRange => ({
  oldest: Math.min(protocol, protocols?.[0] ?? protocol),
  newest: Math.max(protocol, protocols?.[1] ?? protocol),
});

/** The nearest version that is known. */
export const clampTo = ({ oldest, newest }: VersionRange, version: number): number =>
  Math.min(newest, Math.max(oldest, version));

/**
 * What a centre answers to a request: the highest version that both know. Null when the request is in one that it does
 * not read, though both may have another in common: then it is sent again in that one.
 */
export function agree(stated: StatedVersions, centre: VersionRange): number | null {
  const isRead = stated.protocol >= centre.oldest && stated.protocol <= centre.newest;
  return isRead ? highestCommon(rangeOf(stated), centre) : null;
}

/** Why nothing was done, and which of the two is to be updated. */
export function refusalWords(stated: StatedVersions, centre: VersionRange): string {
  const till = rangeOf(stated);
  const says = ({ oldest, newest }: VersionRange): string =>
    oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
  const next =
    till.newest < centre.oldest
      ? 'Update this till.'
      : till.oldest > centre.newest
        ? 'Update the centre; until then this till goes on by itself.'
        : 'The till asks again in a version that both know.';
  return (
    `This till speaks ${says(till)} of the protocol, the centre ${says(centre)}. Nothing was changed; ` +
    `the till keeps its work. ${next}`
  );
}

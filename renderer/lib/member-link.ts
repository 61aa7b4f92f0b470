const PATHS = { install: 'i', referral: 'r' } as const;
export type LinkKind = keyof typeof PATHS;

/** Where a member installs her card, or whom she brings signs up (F43). `base`: the chain's own address. */
export const toMemberLink = (base: string, kind: LinkKind, supportId: string): string =>
  `${base.replace(/\/+$/, '')}/${PATHS[kind]}/${encodeURIComponent(supportId)}`;

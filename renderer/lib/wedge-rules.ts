import type { ScanRules } from '../../electron/contract/devices.ts';
import type { TenantRule } from '../../drivers/decode/classify.ts';
import type { WedgeOptions } from '../../drivers/decode/wedge.ts';

/** What tells a typing scanner's keys from a person's, and what they say. */
export type WedgeRules = WedgeOptions;

/** Until the core has told the chain's: by speed, in the system's layout. */
const USUAL = { prefix: null, layout: 'os', identifiers: 'aim' } as const;

/** A pattern that is none matches nothing: a wrong rule must not stop the scans of a till. */
function toTenantRule({ symbologies, pattern, kind }: ScanRules['tenantRules'][number]): TenantRule[] {
  try {
    // Cast: names of symbologies, as the rule's writer found them in the decoder's answers.
    return [
      {
        symbologies: symbologies as TenantRule['symbologies'],
        pattern: new RegExp(`^(?:${pattern})$`, 'u'),
        kind,
      },
    ];
  } catch {
    return [];
  }
}

/** @param cardPrefix Leading digits of the chain's own cards. */
export function toWedgeRules(cardPrefix: string | undefined, rules: ScanRules | null): WedgeRules {
  const ownPrefixes = cardPrefix === undefined ? [] : [cardPrefix];
  if (rules === null) return { ...USUAL, ownPrefixes };
  const { wedge, walletPrefixes, tenantRules } = rules;
  return {
    prefix: wedge.prefix,
    layout: wedge.layout,
    identifiers: wedge.identifiers,
    ownPrefixes,
    walletPrefixes,
    tenantRules: tenantRules.flatMap(toTenantRule),
  };
}

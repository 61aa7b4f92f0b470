import type { DecodeRules, TenantRule } from '../../../drivers/decode/classify.ts';
import type { Symbology } from '../../../drivers/decode/symbology.ts';
import type { ScanRules } from '../../contract/devices.ts';
import { AppError } from '../../contract/errors.ts';

export const NO_RULES: ScanRules = {
  walletPrefixes: [],
  tenantRules: [],
  wedge: { prefix: null, layout: 'os', identifiers: 'aim' },
};

/** @throws AppError `bad_request` for a pattern that is none. */
export function assertScanRules({ tenantRules }: ScanRules): void {
  for (const { pattern } of tenantRules) {
    if (toPattern(pattern) !== null) continue;
    throw new AppError('bad_request', 'A pattern is no regular expression. Nothing was changed.');
  }
}

function toPattern(source: string): RegExp | null {
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return null;
  }
}

/** As the decoder takes them; a stored pattern that is none any more is left out. */
export function toDecodeRules(rules: ScanRules, cardPrefix: string | undefined): DecodeRules {
  return {
    ownPrefixes: cardPrefix === undefined ? [] : [cardPrefix],
    walletPrefixes: rules.walletPrefixes,
    tenantRules: rules.tenantRules.flatMap((rule): TenantRule[] => {
      const pattern = toPattern(rule.pattern);
      // Cast: a symbology that is none fits no scan.
      const symbologies = rule.symbologies as Symbology[];
      return pattern === null ? [] : [{ symbologies, pattern, kind: rule.kind }];
    }),
  };
}

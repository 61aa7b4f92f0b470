import type { DecodeRules, TenantRule } from '../../../drivers/decode/classify.ts';
import type { Symbology } from '../../../drivers/decode/symbology.ts';
import type { ScanRules } from '../../contract/devices.ts';
import { AppError } from '../../contract/errors.ts';

export const NO_RULES: ScanRules = {
  walletPrefixes: [],
  tenantRules: [],
  wedge: { prefix: null, layout: 'os', identifiers: 'aim' },
};

/** @throws AppError `bad_request` for a pattern that is none, or could take too long. */
export function assertScanRules({ tenantRules }: ScanRules): void {
  for (const { pattern } of tenantRules) {
    if (toPattern(pattern) !== null) continue;
    throw new AppError(
      'bad_request',
      'A pattern is no regular expression, or repeats too much. Nothing was changed.',
    );
  }
}

/** Tried against every scan: what can take for ever on a text of a few dozen signs is no pattern for a till. */
const UNBOUNDED = /(?<!\\)(?:[*+]|\{\d+,\})/g;
const UNBOUNDED_MAX = 2;
/** A repeated group with a choice or a repetition in it, or a reference back. */
const ENDLESS = /\((?:[^()\\]|\\.)*[*+{|](?:[^()\\]|\\.)*\)\s*[*+{]|\\[1-9k]|\)[^()]*\)[*+{]/;
const isQuick = (source: string): boolean =>
  (source.match(UNBOUNDED) ?? []).length <= UNBOUNDED_MAX && !ENDLESS.test(source);

function toPattern(source: string): RegExp | null {
  if (!isQuick(source)) return null;
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

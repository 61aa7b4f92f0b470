import { useWords } from '../../lib/words.ts';

const KNOWN = [
  ...([
    'no_consent',
    'no_address',
    'anonymised',
    'removed',
    'blocked',
    'unknown',
    'too_many',
    'merged',
  ] as const),
  ...(['template_changed', 'template_unknown', 'template_retired', 'segment_unknown'] as const),
  ...(['filter_changed', 'filter_empty'] as const),
  ...(['no_connector', 'no_public_address', 'interrupted', 'no_answer', 'address_refused'] as const),
] as const;
type Known = (typeof KNOWN)[number];
const isKnown = (code: string): code is Known => (KNOWN as readonly string[]).includes(code);

/** Why somebody got no message, in words; what only the gateway knows as it was said. */
export function useReasons(): (code: string) => string {
  const { t } = useWords();
  return (code) => {
    if (code === '') return '';
    return isKnown(code) ? t(`messages.why.${code}`) : t('messages.gatewaySaid', { code });
  };
}

import type { TFunction } from 'i18next';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { Balance, CardView } from '../../electron/contract/views.ts';
import type { Failure } from './failure.ts';
import { createFormats, type Formats, type Language } from './format.ts';

/** Codes whose message adds something to our words: a wait, a field, a reason that only the core knows. */
const TELLING: ReadonlySet<Failure['code']> = new Set([
  'bad_request',
  'pin_locked',
  'second_person',
  'ambiguous',
  'centre_unreachable',
  'centre_refused',
  'disk_failed',
  'core_stopped',
  'bug',
]);

export interface Tongue {
  readonly language: Language;
  readonly formats: Formats;
}
export const TongueContext = createContext<Tongue>({ language: 'en', formats: createFormats('en', null) });

/** What happened, what is safe, what to do next; see `useWords`. */
export function failureWords({ code, message, waitSeconds }: Failure, t: TFunction, formats: Formats) {
  // Our own sentence says how long, and the core's adds nothing to it.
  const wait = code === 'pin_locked' && waitSeconds !== undefined ? formats.wait(waitSeconds) : null;
  const next = wait === null ? t(`error.${code}.next`) : t('error.pin_locked.nextIn', { wait });
  const isTelling = TELLING.has(code) && message !== '' && wait === null;
  return {
    code,
    what: t(`error.${code}.what`),
    advice: `${t(`error.${code}.safe`)} ${next}`,
    detail: isTelling ? t('start.detail', { text: message }) : '',
  };
}

/** Texts, numbers and dates in the till's language. */
export function useWords() {
  const { t } = useTranslation();
  const { language, formats } = useContext(TongueContext);
  const isChinese = language === 'zh';
  return {
    t,
    formats,
    language,
    /** `2 stamps`, `$12.50`; with `isSigned` a plus or a real minus in front. */
    units: (value: number, unit: Balance['unit'], isSigned = false): string => {
      const sign = value < 0 ? '−' : isSigned && value > 0 ? '+' : '';
      const size = Math.abs(value);
      return sign + t(`unit.${unit}`, { count: size, text: formats.units(size, unit) });
    },
    /** A refusal in words of the shop; the core's own words, which are English, stand behind them for support. */
    failure: (failure: Failure) => failureWords(failure, t, formats),
    /** A card type's or reward's name in the language of the till, where it has one. */
    named: (name: string, nameZh: string): string => (isChinese && nameZh !== '' ? nameZh : name),
    cardName: (card: Pick<CardView, 'cardType' | 'cardTypeZh'>): string =>
      isChinese && card.cardTypeZh !== '' ? card.cardTypeZh : card.cardType,
  };
}
export type Words = ReturnType<typeof useWords>;

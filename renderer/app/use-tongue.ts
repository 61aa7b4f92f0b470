import { useEffect } from 'react';
import type { i18n as I18n } from 'i18next';
import type { Preferences } from '../../electron/contract/till.ts';
import type { Till } from './till-store.ts';

/** Language and theme that the till prefers; until it has said so, English and what the system likes. */
export function useTongue(till: Till, translations: I18n): Pick<Preferences, 'language' | 'theme'> {
  const { language, theme } =
    till.status === 'shown' ? till.view.preferences : ({ language: 'en', theme: 'system' } as const);
  useEffect(() => {
    if (translations.language !== language) void translations.changeLanguage(language);
  }, [language, translations]);
  return { language, theme };
}

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import type { i18n as I18n } from 'i18next';
import { useStore } from 'zustand';
import { Connecting } from '../features/start/connecting.tsx';
import { Filling } from '../features/start/filling.tsx';
import { Refused } from '../features/start/refused.tsx';
import { SetUp } from '../features/start/set-up.tsx';
import type { Core } from '../lib/core-client.ts';
import { createFormats } from '../lib/format.ts';
import { KeyboardContext, type Keyboard } from '../lib/keyboard.tsx';
import type { Sounds } from '../lib/sound.ts';
import { TongueContext } from '../lib/words.ts';
import { useShop, type ShopPart } from './shop-part.ts';
import { SignInScreen } from './sign-in-screen.tsx';
import type { Stores } from './stores.ts';
import { useBoundKeys } from './use-page-keys.ts';
import { ScanLine } from './scan-line.tsx';
import { createTypingField } from './typing-field.ts';
import { useTongue } from './use-tongue.ts';
import { useWedge } from './use-wedge.ts';

export type AppProps = Readonly<{
  core: Core;
  stores: Stores;
  translations: I18n;
  keyboard: Keyboard;
  sounds: Sounds;
  shop: ShopPart;
}>;

/** The only place that composes features. */
export function App(props: AppProps) {
  const { stores, translations, keyboard } = props;
  const till = useStore(stores.till, (state) => state.till);
  const { language, theme } = useTongue(till, translations);
  const chain = till.status === 'shown' ? till.view.chain : null;
  const tongue = useMemo(() => ({ language, formats: createFormats(language, chain) }), [language, chain]);
  useBoundKeys(keyboard);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language, theme]);
  return (
    <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-GB'}>
      <TongueContext value={tongue}>
        <KeyboardContext value={keyboard}>
          <Start {...props} />
        </KeyboardContext>
      </TongueContext>
    </I18nProvider>
  );
}

/** Which of the start states the till is in; the shop itself when none is left. */
function Start({ core, stores, sounds, shop }: AppProps) {
  const life = useSyncExternalStore(core.onLife, core.life);
  const { till, sync } = useStore(stores.till);
  const [typingField] = useState(createTypingField);
  useWedge({ core, stores, sounds, typingField });
  const hasSession = till.status === 'shown' && till.view.session !== null;
  const drawShop = useShop(shop, hasSession ? 'now' : till.status === 'loading' ? 'later' : 'soon');
  if (life.status === 'refused') return <Refused failure={life} />;
  if (life.status === 'failed') return <Refused failure={{ code: 'core_stopped', message: life.message }} />;
  if (life.status === 'connecting' || till.status === 'loading') return <Connecting isRestarting={false} />;
  if (till.status === 'failed') return <Refused failure={till.failure} />;
  const { view } = till;
  if (view.enrolment === null) {
    return <SetUp store={stores.setUp} notice={<ScanLine stores={stores} />} />;
  }
  if (sync?.isFilling === true) return <Filling status={sync} />;
  const place = `${view.enrolment.storeName} · ${view.enrolment.tillName}`;
  if (view.session === null) return <SignInScreen stores={stores} view={view} place={place} />;
  if (drawShop === undefined) return <Connecting isRestarting={false} />;
  const { session } = view;
  const isRestarting = life.status === 'restarting';
  return drawShop({ stores, sounds, view, session, typingField, isRestarting });
}

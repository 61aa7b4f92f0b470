import '../lib/zod-setting.ts';
import '@fontsource-variable/inter/wght.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createCoreClient, type PagePort } from '../lib/core-client.ts';
import { createKeyboard } from '../lib/keyboard.tsx';
import { createSounds } from '../lib/sound.ts';
import { createTranslations } from '../lib/translate.ts';
import { App } from './app.tsx';
import { SafetyNet } from './safety-net.tsx';
import { createStores } from './stores.ts';
import { listenToCore } from './wiring.ts';

declare global {
  interface Window {
    /** The page's end of the port to its core, put there by the host. */
    readonly counterfoil: PagePort;
  }
}

const core = createCoreClient(window.counterfoil);
const sounds = createSounds();
const stores = createStores(core, sounds);
listenToCore(core, stores, sounds);

const translations = createTranslations('en');
const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <I18nextProvider i18n={translations}>
    <SafetyNet>
      <App
        core={core}
        stores={stores}
        sounds={sounds}
        translations={translations}
        keyboard={createKeyboard()}
      />
    </SafetyNet>
  </I18nextProvider>,
);

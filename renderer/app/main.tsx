import { core, sounds, stores } from './page.ts';
import '@fontsource-variable/inter/wght.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createKeyboard } from '../lib/keyboard.tsx';
import { createTranslations } from '../lib/translate.ts';
import { App } from './app.tsx';
import { SafetyNet } from './safety-net.tsx';
import { createShopPart } from './shop-part.ts';

const shop = createShopPart(async () => {
  const { Shell } = await import('./shell.tsx');
  return (props) => <Shell {...props} />;
});
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
        shop={shop}
      />
    </SafetyNet>
  </I18nextProvider>,
);

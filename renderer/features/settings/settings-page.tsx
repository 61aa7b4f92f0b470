import { useStore } from 'zustand';
import type { Preferences, ScannerView, TillView } from '../../../electron/contract/till.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type { Sounds } from '../../lib/sound.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Tick } from '../../ui/tick.tsx';
import { ScannerSettings } from './scanner-settings.tsx';
import type { SettingsStore } from './settings-store.ts';
import styles from './settings-page.module.css';

export type SettingsPageProps = Readonly<{
  store: SettingsStore;
  till: TillView;
  scanner: ScannerView | null;
  /** How a device is read is for supervisors. */
  mayChangeScanner: boolean;
  onClose: () => void;
  onDoctor: () => void;
  sounds: Pick<Sounds, 'good' | 'bad'>;
}>;

export function SettingsPage(props: SettingsPageProps) {
  const { store, till, scanner, mayChangeScanner, onClose, onDoctor, sounds } = props;
  const { t, failure } = useWords();
  const { saving, prefer } = useStore(store);
  return (
    <div className={styles['page']} data-testid="settings">
      <header className={styles['head']}>
        <h1 className={styles['title']}>{t('settings.title')}</h1>
        <Button hotkey="Esc" onPress={onClose}>
          {t('keys.back')}
        </Button>
      </header>
      {saving.status === 'failed' && <FailureNotice words={failure(saving.failure)} />}
      {scanner && (
        <ScannerSettings store={store} scanner={scanner} mayChange={mayChangeScanner} onDoctor={onDoctor} />
      )}
      <Looks preferences={till.preferences} onPrefer={(change) => void prefer(change)} sounds={sounds} />
      <TillFacts till={till} />
    </div>
  );
}

type LooksProps = Readonly<{
  preferences: Preferences;
  onPrefer: (change: Partial<Preferences>) => void;
  sounds: Pick<Sounds, 'good' | 'bad'>;
}>;

function Looks({ preferences, onPrefer, sounds }: LooksProps) {
  const { t } = useWords();
  return (
    <section className={styles['section']} aria-labelledby="looks">
      <h2 className={styles['sectionHead']} id="looks">
        {t('settings.looks')}
      </h2>
      <div className={styles['row']}>
        <Choices
          label={t('settings.language')}
          value={preferences.language}
          onChange={(language) => onPrefer({ language })}
          options={[
            { value: 'en', label: 'English' },
            { value: 'zh', label: '简体中文' },
          ]}
        />
        <Choices
          label={t('settings.theme')}
          value={preferences.theme}
          onChange={(theme) => onPrefer({ theme })}
          options={[
            { value: 'system', label: t('theme.system') },
            { value: 'light', label: t('theme.light') },
            { value: 'dark', label: t('theme.dark') },
          ]}
        />
      </div>
      <div className={styles['row']}>
        <Tick
          isOn={preferences.isSoundOn}
          onChange={(isSoundOn) => onPrefer({ isSoundOn })}
          hint={t('settings.soundHint')}
        >
          {t('settings.sound')}
        </Tick>
        <Button onPress={sounds.good} isDisabled={!preferences.isSoundOn}>
          {t('settings.soundTest')}
        </Button>
        <Button onPress={sounds.bad} isDisabled={!preferences.isSoundOn}>
          {t('settings.soundTestBad')}
        </Button>
      </div>
    </section>
  );
}

/** Which till this is, for the phone call to support. */
function TillFacts({ till }: Readonly<{ till: TillView }>) {
  const { t, formats } = useWords();
  const { enrolment } = till;
  return (
    <section className={styles['section']} aria-labelledby="till-facts">
      <h2 className={styles['sectionHead']} id="till-facts">
        {t('settings.till')}
      </h2>
      <dl className={styles['facts']} data-selectable>
        <dt>{t('settings.chain')}</dt>
        <dd>{till.chain?.name}</dd>
        <dt>{t('settings.store')}</dt>
        <dd>
          {enrolment?.storeName} ({enrolment?.storeId})
        </dd>
        <dt>{t('settings.tillName')}</dt>
        <dd>
          {enrolment?.tillName} ({enrolment?.tillId})
        </dd>
        <dt>{t('settings.server')}</dt>
        <dd>{enrolment?.serverUrl}</dd>
        <dt>{t('settings.businessDay')}</dt>
        <dd>{formats.day(till.businessDay)}</dd>
        <dt>{t('settings.cardStock')}</dt>
        <dd>{formats.number(till.cardStock)}</dd>
      </dl>
    </section>
  );
}

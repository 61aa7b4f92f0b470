import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { ScannerProfile, type ScannerView } from '../../../electron/contract/till.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Pill, type PillProps } from '../../ui/pill.tsx';
import styles from './settings-page.module.css';
import type { SettingsStore } from './settings-store.ts';

const TONES: Readonly<Record<ScannerView['state'], PillProps['tone']>> = {
  off: 'plain',
  absent: 'wait',
  opening: 'wait',
  ready: 'done',
  gone: 'warn',
  busy: 'warn',
  denied: 'refuse',
};
const MINUTE_MS = 60_000;

export type ScannerSettingsProps = Readonly<{
  store: SettingsStore;
  scanner: ScannerView;
  mayChange: boolean;
  onDoctor: () => void;
}>;

/** Port and profile of the serial scanner, with what the port is doing now. */
export function ScannerSettings({ store, scanner, mayChange, onDoctor }: ScannerSettingsProps) {
  const { t, formats } = useWords();
  const { draft, saving, edit, saveScanner } = useStore(store);
  const nowMs = useNow(MINUTE_MS);
  const { path, profile } = draft ?? scanner;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void saveScanner();
  };
  return (
    <form className={styles['section']} onSubmit={submit} noValidate aria-labelledby="scanner">
      <h2 className={styles['sectionHead']} id="scanner">
        {t('settings.scanner')}
        <Pill tone={TONES[scanner.state]} testId="scanner-state">
          {t(`scanner.${scanner.state}`)}
        </Pill>
      </h2>
      <p className={styles['soft']}>
        {t(`scannerNext.${scanner.state}`)}
        {scanner.lastScanAtMs !== null &&
          ` ${t('settings.lastScan', { when: formats.when(scanner.lastScanAtMs, nowMs) })}`}
      </p>
      {!mayChange && <p className={styles['soft']}>{t('doctor.supervisor')}</p>}
      {mayChange && (
        <>
          <Field
            label={t('settings.port')}
            value={path}
            onChange={(next) => edit({ path: next, profile })}
            placeholder="/dev/ttyACM0, COM3"
            hint={t('settings.portHint')}
            name="port"
          />
          <Choices
            label={t('settings.profile')}
            value={profile}
            onChange={(next) => edit({ path, profile: next })}
            options={ScannerProfile.options.map((value) => ({ value, label: t(`profile.${value}`) }))}
          />
          <div className={styles['row']}>
            <Button
              look="primary"
              onPress={() => void saveScanner()}
              isDisabled={!draft || saving.status === 'busy'}
            >
              {t('settings.save')}
            </Button>
            {saving.status === 'saved' && <Pill tone="done">{t('settings.saved')}</Pill>}
          </div>
        </>
      )}
      <p className={styles['soft']}>{t('settings.wedge')}</p>
      <div className={styles['row']}>
        <Button onPress={onDoctor} testId="open-doctor">
          {t('doctor.open')}
        </Button>
      </div>
    </form>
  );
}

import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { sortDevices } from './condition.ts';
import { DeviceList, TYPING_ID } from './device-list.tsx';
import { DeviceSheet } from './device-sheet.tsx';
import type { DevicesStore } from './devices-store.ts';
import { Diagnosis } from './diagnosis.tsx';
import type { LearnStore } from './learn-store.ts';
import { TypingSheet } from './typing-sheet.tsx';

export type DoctorPageProps = Readonly<{
  devices: DevicesStore;
  learn: LearnStore;
  /** A cashier looks, says which scanner is hers, and tries the tones. */
  mayChange: boolean;
  onClose: () => void;
}>;

/** Plug in, scan three times, done: every scanner of this till, how it is, and what to do. */
export function DoctorPage({ devices, learn, mayChange, onClose }: DoctorPageProps) {
  const { t, failure } = useWords();
  const state = useStore(devices);
  const { view, chosenId, doing, diagnosis, choose, diagnose } = state;
  const sorted = view === null ? [] : sortDevices(view);
  const shown =
    chosenId === TYPING_ID ? undefined : (sorted.find(({ deviceId }) => deviceId === chosenId) ?? sorted[0]);
  const select = (deviceId: string): void => {
    learn.getState().stop();
    choose(deviceId);
  };
  return (
    <div className={layout['page']} data-testid="doctor">
      <header className={layout['head']}>
        <div>
          <h1 className={layout['title']}>{t('doctor.title')}</h1>
          <p className={layout['soft']}>{t('doctor.lead')}</p>
        </div>
        <div className={layout['deeds']}>
          <Button onPress={() => void diagnose()} testId="diagnose">
            {t('doctor.diagnosis.open')}
          </Button>
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {doing.status === 'failed' && diagnosis === null && <FailureNotice words={failure(doing.failure)} />}
      {view?.hasHid === false && (
        <Notice
          tone="wait"
          title={t('doctor.noHid')}
          detail={view.hidMessage || t('doctor.noHidNext')}
          testId="no-hid"
        />
      )}
      <div className={layout['body']}>
        <DeviceList devices={sorted} chosenId={shown?.deviceId ?? TYPING_ID} onChoose={select} />
        {shown ? (
          <DeviceSheet key={shown.deviceId} device={shown} {...{ devices, learn, mayChange }} />
        ) : (
          <TypingSheet {...{ devices, learn, mayChange }} />
        )}
      </div>
      {diagnosis !== null && <Diagnosis text={diagnosis} devices={devices} />}
    </div>
  );
}

import { useStore } from 'zustand';
import type { DeviceView, LearnedSetting } from '../../../electron/contract/devices.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { DevicesStore } from './devices-store.ts';
import styles from './doctor.module.css';
import { DrawnCode } from './drawn-code.tsx';
import { KNOWN_TEXT } from '../../lib/known-code.ts';
import { LearnSteps } from './learn-steps.tsx';
import { useKeptFocus } from '../../lib/use-kept-focus.ts';
import layout from '../../ui/list-and-detail.module.css';
import type { Learning, LearnStore } from './learn-store.ts';

export type DeviceLearningProps = Readonly<{ device: DeviceView; devices: DevicesStore; learn: LearnStore }>;

const isOf = (learning: Learning, deviceId: string): boolean =>
  (learning.status === 'device' || learning.status === 'failed') && learning.deviceId === deviceId;

/** Only steps that take a button away: each scan would call the screen reader back otherwise. */
const stepOf = ({ learned }: Extract<Learning, { status: 'device' }>): string =>
  learned?.state === 'done' || learned?.state === 'failed' ? learned.state : 'listening';

/** Three scans of a known code at one device, read by the core alone. */
export function DeviceLearning({ device, devices, learn }: DeviceLearningProps) {
  const { t, failure } = useWords();
  const { learning, startDevice, stop } = useStore(learn);
  const { deviceId } = device;
  const step = isOf(learning, deviceId)
    ? learning.status === 'device'
      ? stepOf(learning)
      : 'failed'
    : 'off';
  const part = useKeptFocus<HTMLDivElement>(step);
  const start = (label: string) => (
    <Button onPress={() => void startDevice(deviceId)} testId="learn" isDisabled={device.state !== 'ready'}>
      {label}
    </Button>
  );
  if (!isOf(learning, deviceId)) {
    return (
      <div className={styles['part']} ref={part} tabIndex={-1}>
        <h3 className={styles['partTitle']}>{t('doctor.learn.title')}</h3>
        <p className={layout['soft']}>{t('doctor.learn.lead')}</p>
        <div className={layout['deeds']}>{start(t('doctor.learn.start'))}</div>
      </div>
    );
  }
  if (learning.status === 'failed') {
    return (
      <div className={styles['part']} ref={part} tabIndex={-1}>
        {learning.failure ? (
          <FailureNotice words={failure(learning.failure)} />
        ) : (
          <Notice
            tone="warn"
            title={t('doctor.learn.notStarted')}
            detail={t('doctor.learn.notStartedNext')}
          />
        )}
        <div className={layout['deeds']}>{start(t('doctor.learn.again'))}</div>
      </div>
    );
  }
  const learned = learning.status === 'device' ? learning.learned : null;
  const state = learned?.state ?? 'listening';
  const isOver = state === 'done' || state === 'failed';
  const apply = async (found: LearnedSetting): Promise<void> => {
    if (found.profile === null) return;
    const line = found.line ?? undefined;
    if (await devices.getState().assign({ deviceId, profile: found.profile, line })) stop();
  };
  return (
    <div className={styles['part']} data-testid="learning" data-state={state} ref={part} tabIndex={-1}>
      <h3 className={styles['partTitle']}>{t('doctor.learn.title')}</h3>
      {!isOver && (
        <>
          <p>{t('doctor.learn.scan')}</p>
          <DrawnCode code={KNOWN_TEXT} label={t('doctor.learn.code')} />
          <p className={styles['text']}>{KNOWN_TEXT}</p>
        </>
      )}
      <LearnSteps
        goodCount={learned?.goodCount ?? 0}
        state={state}
        baudRate={learned?.line?.baudRate ?? null}
      />
      {state === 'done' && learned?.found && (
        <Found found={learned.found} onApply={() => void apply(learned.found ?? NOTHING)} />
      )}
      <div className={layout['deeds']}>
        {state === 'failed' && start(t('doctor.learn.again'))}
        <Button onPress={stop}>{t('keys.cancel')}</Button>
      </div>
    </div>
  );
}

const NOTHING: LearnedSetting = {
  prefix: '',
  suffix: '',
  identifiers: 'none',
  layout: null,
  line: null,
  profile: null,
};

/** What the scans have shown, and the one press that sets it. */
function Found({ found, onApply }: Readonly<{ found: LearnedSetting; onApply: () => void }>) {
  const { t, formats } = useWords();
  const none = t('doctor.found.none');
  return (
    <>
      <dl className={styles['facts']} data-testid="found">
        <div>
          <dt>{t('doctor.found.prefix')}</dt>
          <dd>{found.prefix || none}</dd>
        </div>
        <div>
          <dt>{t('doctor.found.suffix')}</dt>
          <dd>{found.suffix || none}</dd>
        </div>
        <div>
          <dt>{t('doctor.found.identifiers')}</dt>
          <dd>{t(`doctor.identifiers.${found.identifiers}`)}</dd>
        </div>
        {found.line !== null && (
          <div>
            <dt>{t('doctor.facts.line')}</dt>
            <dd>{formats.number(found.line.baudRate)}</dd>
          </div>
        )}
        {found.layout !== null && (
          <div>
            <dt>{t('doctor.found.layout')}</dt>
            <dd>{found.layout}</dd>
          </div>
        )}
      </dl>
      {found.profile === null ? (
        <Notice tone="warn" title={t('doctor.found.noProfile')} detail={t('doctor.found.noProfileNext')} />
      ) : (
        <div className={layout['deeds']}>
          <Button look="primary" onPress={onApply} testId="apply">
            {t('doctor.found.apply')}
          </Button>
        </div>
      )}
    </>
  );
}

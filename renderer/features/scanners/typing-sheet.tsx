import { useStore } from 'zustand';
import type { ScanRules } from '../../../electron/contract/devices.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { DevicesStore } from './devices-store.ts';
import styles from './doctor.module.css';
import { DrawnCode } from './drawn-code.tsx';
import { KNOWN_KEYS_CODE, KNOWN_TEXT } from '../../lib/known-code.ts';
import type { LearnedKeys } from '../../lib/learn-keys.ts';
import { LearnSteps } from './learn-steps.tsx';
import { useKeptFocus } from '../../lib/use-kept-focus.ts';
import layout from '../../ui/list-and-detail.module.css';
import type { Learning, LearnStore } from './learn-store.ts';
import { ModeCodes } from './mode-barcodes.tsx';

export type TypingSheetProps = Readonly<{ devices: DevicesStore; learn: LearnStore; mayChange: boolean }>;

/** Scanners that type like a keyboard: how this till tells them, three scans to learn it, and a better mode. */
export function TypingSheet({ devices, learn, mayChange }: TypingSheetProps) {
  const { t } = useWords();
  const { rules } = useStore(devices);
  const { learning, startKeys } = useStore(learn);
  const isLearning = learning.status === 'keys';
  const part = useKeptFocus<HTMLDivElement>(isLearning ? 'learning' : 'rest');
  return (
    <section className={styles['sheet']} aria-labelledby="device" data-testid="typing-sheet">
      <h2 className={layout['what']} id="device">
        {t('doctor.typing.title')}
      </h2>
      <p>{t('doctor.typing.lead')}</p>
      {rules && !isLearning && <WedgeFacts wedge={rules.wedge} />}
      {isLearning ? (
        <KeyLearning learning={learning} devices={devices} learn={learn} />
      ) : (
        <div className={styles['part']} ref={part} tabIndex={-1}>
          <h3 className={styles['partTitle']}>{t('doctor.learn.title')}</h3>
          <p className={layout['soft']}>{t('doctor.typing.learnLead')}</p>
          {!mayChange && <p className={layout['soft']}>{t('doctor.supervisor')}</p>}
          {mayChange && (
            <div className={layout['deeds']}>
              <Button look="primary" onPress={startKeys} testId="learn-keys">
                {t('doctor.learn.start')}
              </Button>
            </div>
          )}
        </div>
      )}
      {!isLearning && <ModeCodes vendorId={null} />}
    </section>
  );
}

const keyName = (prefix: NonNullable<ScanRules['wedge']['prefix']>): string =>
  `${prefix.hasCtrl ? 'Ctrl + ' : ''}${prefix.code.replace(/^Key/, '')}`;

function WedgeFacts({ wedge }: Readonly<{ wedge: ScanRules['wedge'] }>) {
  const { t } = useWords();
  const { prefix, layout, identifiers } = wedge;
  return (
    <dl className={styles['facts']} data-testid="wedge-facts">
      <div>
        <dt>{t('doctor.typing.told')}</dt>
        <dd>
          {prefix === null ? t('doctor.typing.bySpeed') : t('doctor.typing.byKey', { key: keyName(prefix) })}
        </dd>
      </div>
      <div>
        <dt>{t('doctor.typing.layout')}</dt>
        <dd>{t(`doctor.typing.layouts.${layout}`)}</dd>
      </div>
      <div>
        <dt>{t('doctor.found.identifiers')}</dt>
        <dd>{t(`doctor.identifiers.${identifiers}`)}</dd>
      </div>
    </dl>
  );
}

type KeyLearningProps = Omit<TypingSheetProps, 'mayChange'> &
  Readonly<{ learning: Extract<Learning, { status: 'keys' }> }>;

function KeyLearning({ learning, devices, learn }: KeyLearningProps) {
  const { t } = useWords();
  const { stop } = useStore(learn);
  const { samples, problem, found } = learning;
  const state = found ? 'done' : (problem ?? (samples.length > 0 ? 'heard' : 'listening'));
  const part = useKeptFocus<HTMLDivElement>(found ? 'done' : 'learning', true);
  const apply = async (): Promise<void> => {
    if (found && (await devices.getState().saveWedge(found.setting))) stop();
  };
  return (
    <div className={styles['part']} data-testid="learning" data-state={state} ref={part} tabIndex={-1}>
      <h3 className={styles['partTitle']}>{t('doctor.learn.title')}</h3>
      {found === null && (
        <>
          <p>{t('doctor.learn.scan')}</p>
          <DrawnCode code={KNOWN_KEYS_CODE} label={t('doctor.learn.code')} />
          <p className={styles['text']}>{KNOWN_TEXT}</p>
        </>
      )}
      <LearnSteps goodCount={samples.length} state={state} baudRate={null} />
      {found && <FoundKeys found={found} />}
      <div className={layout['deeds']}>
        {found && (
          <Button look="primary" onPress={() => void apply()} testId="apply">
            {t('doctor.found.apply')}
          </Button>
        )}
        <Button onPress={stop}>{t('keys.cancel')}</Button>
      </div>
    </div>
  );
}

function FoundKeys({ found: { setting, sample, warnings } }: Readonly<{ found: LearnedKeys }>) {
  const { t, formats } = useWords();
  return (
    <>
      <WedgeFacts wedge={setting} />
      <dl className={styles['facts']} data-testid="found">
        <div>
          <dt>{t('doctor.found.suffix')}</dt>
          <dd>{sample.end === 'none' ? t('doctor.found.none') : sample.end}</dd>
        </div>
        <div>
          <dt>{t('doctor.typing.gap')}</dt>
          <dd>{t('doctor.typing.ms', { ms: formats.number(sample.medianGapMs) })}</dd>
        </div>
      </dl>
      {warnings.map((warning) => (
        <Notice
          key={warning}
          tone="warn"
          testId="key-warning"
          code={warning}
          title={t(`doctor.warning.${warning}.what`)}
          detail={t(`doctor.warning.${warning}.next`)}
        />
      ))}
    </>
  );
}

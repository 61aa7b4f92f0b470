import { useStore } from 'zustand';
import { ToneKind, type DeviceView } from '../../../electron/contract/devices.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Pill } from '../../ui/pill.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { conditionOf, nameOf, TONES, type Condition } from './condition.ts';
import { DeviceFacts } from './device-facts.tsx';
import { DeviceLearning } from './device-learning.tsx';
import type { DevicesStore } from './devices-store.ts';
import styles from './doctor.module.css';
import type { LearnStore } from './learn-store.ts';
import { ModeCodes } from './mode-barcodes.tsx';

const MINUTE_MS = 60_000;
/** Free to take, and nothing is in the way. */
const IS_OFFERED: ReadonlySet<Condition> = new Set(['not-chosen', 'forgotten', 'same-as-another']);

export type DeviceSheetProps = Readonly<{
  device: DeviceView;
  devices: DevicesStore;
  learn: LearnStore;
  mayChange: boolean;
}>;

/** One device: how it is, what that means, and all that can be done about it. */
export function DeviceSheet({ device, devices, learn, mayChange }: DeviceSheetProps) {
  const { t } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const { assign, identify, forget } = useStore(devices);
  const { deviceId, kind, rulesFile } = device;
  const condition = conditionOf(device);
  return (
    <section className={styles['sheet']} aria-labelledby="device" data-testid="device-sheet">
      <header className={layout['sheetHead']}>
        <h2 className={layout['what']} id="device">
          {nameOf(device) || t(`doctor.kind.${kind}`)}
        </h2>
        <Pill tone={TONES[condition]} testId="device-state">
          {t(`doctor.state.${condition}`)}
        </Pill>
      </header>
      <p>{t(`doctor.next.${condition}`)}</p>
      {rulesFile !== '' && (
        <Notice tone="warn" title={t('doctor.rules', { file: rulesFile })} detail={t('doctor.rulesNext')} />
      )}
      <DeviceFacts device={device} nowMs={nowMs} />
      {kind === 'keyboard-mode' && <ModeCodes vendorId={device.vendorId} />}
      <div className={layout['deeds']}>
        {mayChange && IS_OFFERED.has(condition) && (
          <Button look="primary" onPress={() => void assign({ deviceId })} testId="assign">
            {t('doctor.use')}
          </Button>
        )}
        {condition === 'tie' && (
          <Button look="primary" onPress={() => void identify()} testId="identify">
            {t('doctor.identify')}
          </Button>
        )}
        {mayChange && device.isAssigned && (
          <Button onPress={() => void forget(deviceId)} testId="forget">
            {t('doctor.forget')}
          </Button>
        )}
      </div>
      {!mayChange && <p className={layout['soft']}>{t('doctor.supervisor')}</p>}
      {mayChange && device.isAssigned && device.kind !== 'magnetic' && (
        <DeviceLearning device={device} devices={devices} learn={learn} />
      )}
      {device.isAssigned && <DeviceTones device={device} devices={devices} mayChange={mayChange} />}
    </section>
  );
}

/** Which sounds it makes when the till asks for one. */
function DeviceTones({ device, devices, mayChange }: Omit<DeviceSheetProps, 'learn'>) {
  const { t } = useWords();
  const { sound, assign, doing } = useStore(devices);
  const { deviceId, tone, canTone } = device;
  return (
    <div className={styles['part']}>
      <h3 className={styles['partTitle']}>{t('doctor.tones.title')}</h3>
      {mayChange && (
        <Choices
          label={t('doctor.tones.kind')}
          value={tone}
          onChange={(next) => void assign({ deviceId, tone: next })}
          options={ToneKind.options.map((value) => ({ value, label: t(`doctor.tones.${value}`) }))}
        />
      )}
      <div className={layout['deeds']}>
        <Button onPress={() => void sound(deviceId, 'good')} isDisabled={!canTone} testId="tone-good">
          {t('doctor.tones.good')}
        </Button>
        <Button onPress={() => void sound(deviceId, 'bad')} isDisabled={!canTone} testId="tone-bad">
          {t('doctor.tones.bad')}
        </Button>
      </div>
      <p className={layout['soft']} role="status">
        {doing.status === 'sounded'
          ? t(doing.isAsked ? 'doctor.tones.asked' : 'doctor.tones.notAsked')
          : t(canTone ? 'doctor.tones.hint' : 'doctor.tones.cannot')}
      </p>
    </div>
  );
}

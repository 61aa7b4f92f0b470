import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import type { DeviceView } from '../../../electron/contract/devices.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import { Pill } from '../../ui/pill.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { conditionOf, nameOf, TONES } from './condition.ts';
import styles from './doctor.module.css';

/** Stands for all scanners that type: nobody can tell them apart. No device has it. */
export const TYPING_ID = '';

export type DeviceListProps = Readonly<{
  devices: readonly DeviceView[];
  chosenId: string;
  onChoose: (deviceId: string) => void;
}>;

/** What is plugged in and what has a place here, with its state now. */
export function DeviceList({ devices, chosenId, onChoose }: DeviceListProps) {
  const { t } = useWords();
  return (
    <nav aria-label={t('doctor.list')}>
      <ul className={styles['list']}>
        {devices.map((device) => {
          const condition = conditionOf(device);
          return (
            <li key={device.deviceId}>
              <Line
                isChosen={device.deviceId === chosenId}
                onChoose={() => onChoose(device.deviceId)}
                testId="device"
                state={condition}
                title={nameOf(device) || t(`doctor.kind.${device.kind}`)}
                detail={device.path === '' ? t(`doctor.kind.${device.kind}`) : device.path}
              >
                <Pill tone={TONES[condition]}>{t(`doctor.state.${condition}`)}</Pill>
              </Line>
            </li>
          );
        })}
        <li>
          <Line
            isChosen={chosenId === TYPING_ID}
            onChoose={() => onChoose(TYPING_ID)}
            testId="typing-device"
            state="typing"
            title={t('doctor.typing.title')}
            detail={t('doctor.typing.short')}
          />
        </li>
      </ul>
    </nav>
  );
}

type LineProps = Readonly<{
  isChosen: boolean;
  onChoose: () => void;
  testId: string;
  state: string;
  title: string;
  detail: string;
  children?: ReactNode;
}>;

function Line({ isChosen, onChoose, testId, state, title, detail, children }: LineProps) {
  return (
    <Button
      className={join(layout['line'], isChosen && layout['chosen'])}
      aria-current={isChosen}
      onPress={onChoose}
      data-testid={testId}
      data-state={state}
    >
      <span className={layout['lineTitle']}>{title}</span>
      <span className={layout['soft']}>{detail}</span>
      {children}
    </Button>
  );
}

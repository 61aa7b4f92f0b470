import { Button } from 'react-aria-components/Button';
import type { DevicesView } from '../../../electron/contract/devices.ts';
import { useWords } from '../../lib/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { join } from '../../ui/join.ts';
import tones from '../../ui/tones.module.css';
import { TONES, troubleOf } from './condition.ts';
import styles from './doctor.module.css';

export type ScannerChipProps = Readonly<{ view: DevicesView | null; onOpen: () => void }>;

/** The way to the doctor: a drawing while all is well, a word when it is not. */
export function ScannerChip({ view, onOpen }: ScannerChipProps) {
  const { t } = useWords();
  const trouble = troubleOf(view);
  const tone = trouble === null ? 'plain' : TONES[trouble];
  return (
    <Button
      className={join(styles['chip'], tones[tone === 'plain' ? 'calm' : tone])}
      preventFocusOnPress
      onPress={onOpen}
      aria-label={trouble === null ? t('doctor.open') : `${t('doctor.open')}: ${t(`doctor.chip.${trouble}`)}`}
      data-testid="scanner-chip"
      data-state={trouble ?? 'calm'}
    >
      <Icon name="scan" size={20} />
      {trouble !== null && <span>{t(`doctor.chip.${trouble}`)}</span>}
    </Button>
  );
}

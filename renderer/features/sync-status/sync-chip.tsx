import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Popover } from 'react-aria-components/Popover';
import type { SyncStatus } from '../../../electron/contract/till.ts';
import { problemText } from '../../lib/sync-problem.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { join } from '../../ui/join.ts';
import { chipOf } from './chip.ts';
import tones from '../../ui/tones.module.css';
import styles from './sync-chip.module.css';

const ICONS = { calm: 'check', wait: 'sync', offline: 'offline', stopped: 'warn' } as const;
const TONES = { calm: 'calm', wait: 'wait', offline: 'wait', stopped: 'warn' } as const;
const MINUTE_MS = 60_000;

export type SyncChipProps = Readonly<{ status: SyncStatus; onSync: () => void }>;

/** How far the centre knows what this till knows: quiet, with a number and a time. */
export function SyncChip({ status, onSync }: SyncChipProps) {
  const { t, formats } = useWords();
  const chip = chipOf(status);
  if (!chip) return null;
  const time = status.lastSyncAtMs === null ? '' : formats.time(status.lastSyncAtMs);
  const [here, of] = [formats.number(status.members), formats.number(status.membersOf)];
  return (
    <DialogTrigger>
      <AriaButton
        className={join(styles['chip'], tones[TONES[chip.tone]], chip.tone === 'calm' && styles['calm'])}
        preventFocusOnPress
        data-testid="sync-chip"
        data-outstanding={status.outstanding}
        data-state={status.state}
      >
        <Icon name={ICONS[chip.tone]} size={18} />
        <span>
          {t(chip.key, { count: chip.count, time, here, of })}
          {status.held > 0 && ` · ${t('chip.held', { count: status.held })}`}
        </span>
      </AriaButton>
      <Popover className={styles['popover'] ?? ''} placement="bottom end">
        <SyncDetails status={status} onSync={onSync} />
      </Popover>
    </DialogTrigger>
  );
}

function SyncDetails({ status, onSync }: SyncChipProps) {
  const words = useWords();
  const { t, formats } = words;
  const nowMs = useNow(MINUTE_MS);
  const { lastSyncAtMs, problem } = status;
  return (
    <Dialog className={styles['details'] ?? ''}>
      <Heading slot="title" className={styles['title'] ?? ''}>
        {t('chip.title')}
      </Heading>
      <p className={styles['safe']}>{t('chip.safe')}</p>
      <dl className={styles['facts']}>
        <dt>{t('chip.outstanding')}</dt>
        <dd>{formats.number(status.outstanding)}</dd>
        <dt>{t('chip.heldCount')}</dt>
        <dd>{formats.number(status.held)}</dd>
        <dt>{t('chip.last')}</dt>
        <dd>{lastSyncAtMs === null ? t('chip.never') : formats.when(lastSyncAtMs, nowMs)}</dd>
        {status.members > 0 && (
          <>
            <dt>{t('chip.members')}</dt>
            <dd>{formats.number(status.members)}</dd>
          </>
        )}
      </dl>
      {problem && (
        <p data-selectable data-testid="sync-problem">
          {problemText(words, problem)} <small>({problem.code})</small>
        </p>
      )}
      <Button onPress={onSync} isDisabled={status.state === 'syncing'}>
        {t('chip.sync')}
      </Button>
    </Dialog>
  );
}

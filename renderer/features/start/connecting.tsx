import { useDelay } from '../../lib/use-delay.ts';
import { useWords } from '../../lib/words.ts';
import { Desk } from '../../ui/desk.tsx';

const SILENT_MS = 300;

/** The files are being opened. Nothing shows for a moment, because mostly it is over by then. */
export function Connecting({ isRestarting }: Readonly<{ isRestarting: boolean }>) {
  const { t } = useWords();
  const isSlow = useDelay(SILENT_MS);
  if (!isSlow) return null;
  return (
    <Desk
      brand={t('brand')}
      title={t(isRestarting ? 'start.restarting' : 'start.opening')}
      lead={t(isRestarting ? 'start.restartingLead' : 'start.openingLead')}
    />
  );
}

import { useStore } from 'zustand';
import { useWords } from '../lib/words.ts';
import { Notice } from '../ui/notice.tsx';
import type { Stores } from './stores.ts';

/** What there is to say of a scan while nobody is signed in. */
export function ScanLine({ stores }: Readonly<{ stores: Stores }>) {
  const { t } = useWords();
  const isWaiting = useStore(stores.waitingScan, (state) => state.waiting !== null);
  const kind = useStore(stores.place, (state) => state.notice?.kind);
  // The newer of the two: a scan that waits takes the sentence away.
  if (kind === 'payment-card' || kind === 'id-document' || kind === 'bad-read') {
    return (
      <Notice tone="warn" testId="scan-notice" title={t(`scan.${kind}`)} detail={t(`scanNext.${kind}`)} />
    );
  }
  if (!isWaiting) return null;
  return <Notice tone="plain" testId="scan-waits" title={t('scan.waits')} detail={t('scanNext.waits')} />;
}

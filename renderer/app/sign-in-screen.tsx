import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../electron/contract/till.ts';
import { SignIn } from '../features/session/sign-in.tsx';
import { useWords } from '../lib/words.ts';
import { Notice } from '../ui/notice.tsx';
import type { Stores } from './stores.ts';
import { type OpenKind, useWedge } from './use-wedge.ts';

export type SignInScreenProps = Readonly<{ stores: Stores; view: TillView; place: string }>;

const noField = (): null => null;

/** Who is at the till. A card that is scanned meanwhile is no PIN: it waits, and opens for whoever signs in. */
export function SignInScreen({ stores, view, place }: SignInScreenProps) {
  const keep = useCallback(
    (text: string, scanKind: OpenKind) =>
      stores.waitingScan.getState().keep({ kind: 'text', text, scanKind }),
    [stores],
  );
  useWedge({ stores, prefix: view.chain?.cardPrefix, fallback: noField, onText: keep });
  return (
    <SignIn
      store={stores.signIn}
      people={view.people}
      place={place}
      isDemo={view.isDemo}
      notice={<ScanLine stores={stores} />}
    />
  );
}

function ScanLine({ stores }: Pick<SignInScreenProps, 'stores'>) {
  const { t } = useWords();
  const isWaiting = useStore(stores.waitingScan, (state) => state.waiting !== null);
  const kind = useStore(stores.place, (state) => state.notice?.kind);
  if (isWaiting) {
    return <Notice tone="plain" testId="scan-waits" title={t('scan.waits')} detail={t('scanNext.waits')} />;
  }
  if (kind !== 'payment-card' && kind !== 'bad-read') return null;
  return <Notice tone="warn" testId="scan-notice" title={t(`scan.${kind}`)} detail={t(`scanNext.${kind}`)} />;
}

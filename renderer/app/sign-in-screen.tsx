import { useStore } from 'zustand';
import type { TillView } from '../../electron/contract/till.ts';
import { SignIn } from '../features/session/sign-in.tsx';
import { useWords } from '../lib/words.ts';
import { Notice } from '../ui/notice.tsx';
import { ScanLine } from './scan-line.tsx';
import type { Stores } from './stores.ts';

export type SignInScreenProps = Readonly<{ stores: Stores; view: TillView; place: string }>;

/** Who is at the till. A card that is scanned meanwhile is no PIN: it waits, and opens for whoever signs in. */
export function SignInScreen({ stores, view, place }: SignInScreenProps) {
  return (
    <SignIn
      store={stores.signIn}
      people={view.people}
      place={place}
      isDemo={view.isDemo}
      screen={view.screen}
      notice={
        <>
          <EndedNotice stores={stores} />
          <ScanLine stores={stores} />
        </>
      }
    />
  );
}

/** Why whoever worked here is signed out. */
function EndedNotice({ stores }: Pick<SignInScreenProps, 'stores'>) {
  const { t } = useWords();
  const ended = useStore(stores.till, (state) => state.ended);
  if (ended === null) return null;
  return (
    <Notice
      tone={ended === 'idle' ? 'plain' : 'warn'}
      icon="warn"
      testId="session-ended"
      title={t(`office.${ended}`)}
      detail={t(`office.${ended}Lead`)}
    />
  );
}

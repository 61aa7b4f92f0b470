import type { TillView } from '../../electron/contract/till.ts';
import { SignIn } from '../features/session/sign-in.tsx';
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
      notice={<ScanLine stores={stores} />}
    />
  );
}

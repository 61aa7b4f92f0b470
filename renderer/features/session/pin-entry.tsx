import { useStore } from 'zustand';
import type { Person } from '../../../electron/contract/views.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useKeys } from '../../lib/keyboard.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Keypad } from '../../ui/keypad.tsx';
import { PIN_SIGNS_MAX, type SignInStore } from './sign-in-store.ts';
import styles from './sign-in.module.css';

export type PinEntryProps = Readonly<{ store: SignInStore; people: readonly Person[]; hasTiles: boolean }>;

export function PinEntry({ store, people, hasTiles }: PinEntryProps) {
  const { t, failure } = useWords();
  const { signIn, pin, typePin, enter, takeOver, back } = useStore(store);
  const login = signIn.status === 'choosing' ? null : signIn.login;
  useKeys('screen', { Escape: { label: t('keys.back'), act: back } });
  if (login === null) return <p className={styles['role']}>{t('signIn.chooseFirst')}</p>;
  const name = people.find((person) => person.login === login)?.name ?? login;
  const isBusy = signIn.status === 'busy';
  return (
    <section className={styles['pin']} aria-label={t('signIn.pinOf', { name })}>
      <Field
        // Another tile, another field: it takes the focus anew. A login that is being typed keeps it.
        key={hasTiles ? login : 'pin'}
        label={t('signIn.pinOf', { name })}
        value={pin}
        onChange={typePin}
        type="password"
        inputMode="numeric"
        size="figure"
        maxLength={PIN_SIGNS_MAX}
        isFirst={hasTiles}
        name="pin"
      />
      {signIn.status === 'elsewhere' ? (
        <FailureNotice words={failure(signIn.failure)}>
          <Button look="danger" onPress={() => void takeOver()} testId="take-over">
            {t('office.takeOver')}
          </Button>
        </FailureNotice>
      ) : (
        <>
          <Keypad
            value={pin}
            onChange={typePin}
            maxLength={PIN_SIGNS_MAX}
            label={t('signIn.keypad')}
            eraseLabel={t('keys.erase')}
          />
          <Button
            look="primary"
            size="large"
            onPress={() => void enter()}
            isDisabled={isBusy || pin === ''}
            keepsFocus
          >
            {t('signIn.enter')}
          </Button>
        </>
      )}
      {/* Last: it goes with the next key, and the keypad must not move under the finger then. */}
      {signIn.status === 'failed' && <FailureNotice words={failure(signIn.failure)} />}
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </section>
  );
}

import { useEffect, useRef, useState, type ReactNode, type RefObject, type SubmitEvent } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import type { Person } from '../../../electron/contract/views.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Desk } from '../../ui/desk.tsx';
import { PinEntry } from './pin-entry.tsx';
import type { SignInStore } from './sign-in-store.ts';
import styles from './sign-in.module.css';
import { LoginField } from './login-field.tsx';
import { sortPeople } from './people.ts';
import { useNameKeys } from './use-name-keys.ts';

/** More than fit on tiles sign in by name. */
const TILES_MAX = 24;

export type SignInProps = Readonly<{
  store: SignInStore;
  people: readonly Person[];
  place: string;
  /** `office`: names are typed, and the words are of an office. */
  screen: 'till' | 'office';
  isDemo: boolean;
  /** What there is to say besides: of a card that was scanned meanwhile. */
  notice: ReactNode;
}>;

export function SignIn({ store, people, place, screen, isDemo, notice }: SignInProps) {
  const { t } = useWords();
  const { signIn, choose, enter } = useStore(store);
  const login = signIn.status === 'choosing' ? null : signIn.login;
  const form = useRef<HTMLFormElement>(null);
  useTileFocus(form, login);
  useNameKeys(form);
  const choosePerson = (chosen: string): void => {
    choose(chosen);
    // Of somebody else the field is a new one and takes the focus itself.
    if (chosen === login) form.current?.querySelector<HTMLInputElement>('input[name="pin"]')?.focus();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void enter();
  };
  const [showsAll, setShowsAll] = useState(false);
  const { here, others } = sortPeople(people);
  const shown = showsAll ? [...here, ...others] : here;
  const hasTiles = shown.length > 0 && shown.length <= TILES_MAX;
  return (
    <Desk
      brand={place}
      title={t(screen === 'office' ? 'office.title' : 'signIn.title')}
      lead={t(screen === 'office' ? 'office.lead' : 'signIn.lead')}
      isWide
    >
      <div className={styles['notice']}>{notice}</div>
      <form ref={form} className={styles['layout']} onSubmit={submit} noValidate>
        {hasTiles ? (
          <div className={styles['people']} role="group" aria-label={t('signIn.people')}>
            {shown.map((person) => (
              <PersonTile
                key={person.staffId}
                person={person}
                isChosen={person.login === login}
                onChoose={() => choosePerson(person.login)}
              />
            ))}
            {others.length > 0 && !showsAll && (
              <Button look="quiet" onPress={() => setShowsAll(true)} testId="someone-else">
                {t('signIn.someoneElse')}
              </Button>
            )}
          </div>
        ) : (
          <LoginField login={login} onChoose={choose} />
        )}
        <PinEntry store={store} people={people} hasTiles={hasTiles} />
      </form>
      {isDemo && (
        <p className={styles['demo']}>
          {t('signIn.demo')} <b>cashier</b> 480617 · <b>manager</b> 739205
        </p>
      )}
    </Desk>
  );
}

/** Nobody chosen: the person of before has the focus, at the start the first one. */
function useTileFocus(form: RefObject<HTMLFormElement | null>, login: string | null): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (login === null) {
      const tiles = [...(form.current?.querySelectorAll<HTMLElement>('[data-login]') ?? [])];
      (tiles.find(({ dataset }) => dataset['login'] === before.current) ?? tiles[0])?.focus();
    }
    before.current = login;
  }, [form, login]);
}

type PersonTileProps = Readonly<{ person: Person; isChosen: boolean; onChoose: () => void }>;

function PersonTile({ person, isChosen, onChoose }: PersonTileProps) {
  const { t } = useWords();
  return (
    <AriaButton
      className={styles['person'] ?? ''}
      onPress={onChoose}
      aria-pressed={isChosen}
      data-login={person.login}
      data-name={person.name}
    >
      <span className={styles['initials']} aria-hidden="true">
        {initialsOf(person.name)}
      </span>
      <span>
        <span className={styles['name']}>{person.name}</span>
        <span className={styles['role']}>{t(`role.${person.role}`)}</span>
      </span>
    </AriaButton>
  );
}

/** First letters of the first and last word; a name of ideographs gives its last one, as people are called. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  if (words.length === 1) return /\p{Script=Han}/u.test(name) ? name.slice(-1) : name.slice(0, 2);
  return `${words[0]?.charAt(0) ?? ''}${words.at(-1)?.charAt(0) ?? ''}`.toUpperCase();
}

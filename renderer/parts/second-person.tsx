import type { Person } from '../../electron/contract/views.ts';
import { useWords } from '../lib/words.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { backers } from './backers.ts';
import styles from './second-person.module.css';

const LOGIN_SIGNS_MAX = 40;
const PIN_SIGNS_MAX = 20;

export type SecondPersonProps = Readonly<{
  /** Empty where nobody is named before she signs in: then her login is typed. */
  people: readonly Person[];
  ownStaffId: string | undefined;
  least: 'supervisor' | 'manager';
  login: string;
  pin: string;
  onLogin: (login: string) => void;
  onPin: (pin: string) => void;
  /** Why it can not stay so; '' when it can. */
  error?: string;
}>;

/**
 * Somebody else stands by what is about to be done, with her own PIN; the screen stays whose it is. Where the chain has
 * nobody else it says so.
 */
export function SecondPersonFields(props: SecondPersonProps) {
  const { people, least, login, pin, onLogin, onPin, error = '' } = props;
  const { t } = useWords();
  const known = backers(props);
  const who = [
    { value: '', label: t('second.choose') },
    ...known.map(({ login: value, name }) => ({ value, label: name })),
  ];
  return (
    <fieldset className={styles['second']} data-testid="second-person">
      <legend className={styles['legend']}>{t('second.title')}</legend>
      <p className={styles['lead']}>{t(`second.lead.${least}`)}</p>
      {people.length > 0 && known.length === 0 && (
        <p className={styles['nobody']} data-testid="second-nobody">
          {t(`second.nobody.${least}`)}
        </p>
      )}
      <div className={styles['pair']}>
        {people.length > 0 ? (
          <Select
            label={t('second.who')}
            value={login}
            options={who}
            onChange={onLogin}
            name="second-login"
            error={login === '' ? error : ''}
          />
        ) : (
          <Field
            label={t('second.login')}
            value={login}
            onChange={onLogin}
            maxLength={LOGIN_SIGNS_MAX}
            name="second-login"
            error={login === '' ? error : ''}
          />
        )}
        <Field
          label={t('second.pin')}
          value={pin}
          onChange={onPin}
          type="password"
          inputMode="numeric"
          autoComplete="new-password"
          maxLength={PIN_SIGNS_MAX}
          name="second-pin"
          error={login === '' ? '' : error}
        />
      </div>
    </fieldset>
  );
}

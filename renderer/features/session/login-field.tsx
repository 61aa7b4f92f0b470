import { useWords } from '../../lib/words.ts';
import { Field } from '../../ui/field.tsx';

export type LoginFieldProps = Readonly<{ login: string | null; onChoose: (login: string) => void }>;

/** For a shop with more people than tiles, or before the first answer of the centre. */
export function LoginField({ login, onChoose }: LoginFieldProps) {
  const { t } = useWords();
  return (
    <Field
      label={t('signIn.login')}
      value={login ?? ''}
      onChange={onChoose}
      hint={t('signIn.loginHint')}
      maxLength={40}
      isFirst
      name="login"
    />
  );
}

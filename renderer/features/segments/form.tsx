import type { ReactNode, SubmitEvent } from 'react';
import styles from './labels.module.css';

/** Fields and a press in a line; Enter in a field is the press. */
export function Form({ onSubmit, children }: Readonly<{ onSubmit: () => void; children: ReactNode }>) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      {children}
      {/* Enter in a field of several is a press only where there is something to press. */}
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}

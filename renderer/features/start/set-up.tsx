import type { ReactNode, SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Desk } from '../../ui/desk.tsx';
import { Field } from '../../ui/field.tsx';
import { CODE_SIGNS_MIN, toServerUrl, type SetUpStore } from './set-up-store.ts';
import styles from './set-up.module.css';

/** A new till asks the centre who it is: address and one-time code, and what each of them is. */
export function SetUp({ store, notice }: Readonly<{ store: SetUpStore; notice: ReactNode }>) {
  const { t, failure } = useWords();
  const { serverUrl, code, tillName, setUp, type, enrol } = useStore(store);
  const isChecking = setUp.status === 'checking';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void enrol();
  };
  return (
    <Desk brand={t('brand')} title={t('setUp.title')} lead={t('setUp.lead')}>
      <ol className={styles['steps']}>
        <li>{t('setUp.step1')}</li>
        <li>{t('setUp.step2')}</li>
        <li>{t('setUp.step3')}</li>
      </ol>
      {notice}
      <form className={styles['form']} onSubmit={submit} noValidate>
        <Field
          label={t('setUp.server')}
          value={serverUrl}
          onChange={(text) => type('serverUrl', text)}
          isRequired
          inputMode="url"
          placeholder="https://crm.example.com"
          error={isChecking && toServerUrl(serverUrl) === null ? t('setUp.serverProblem') : ''}
          isFirst
          name="server"
        />
        <div className={styles['pair']}>
          <Field
            label={t('setUp.code')}
            value={code}
            onChange={(text) => type('code', text)}
            isRequired
            hint={t('setUp.codeHint')}
            error={isChecking && code.trim().length < CODE_SIGNS_MIN ? t('setUp.codeProblem') : ''}
            name="code"
          />
          <Field
            label={t('setUp.tillName')}
            value={tillName}
            onChange={(text) => type('tillName', text)}
            hint={t('setUp.tillNameHint')}
            maxLength={40}
            name="till-name"
          />
        </div>
        {setUp.status === 'failed' && <FailureNotice words={failure(setUp.failure)} />}
        <Button look="primary" size="large" onPress={() => void enrol()} isDisabled={setUp.status === 'busy'}>
          {t(setUp.status === 'busy' ? 'setUp.asking' : 'setUp.enrol')}
        </Button>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Desk>
  );
}

import type { ReactNode, SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { POLICY_TEXT_MAX } from '../../../sync/model/policy-text.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { Notice } from '../../ui/notice.tsx';
import type { ChainStore } from './chain-store.ts';
import styles from './chain.module.css';
import { MONEY_LIMITS, type ChainField, type LimitField } from './drafts.ts';
import { LEAST, LIMIT_MOST } from './read-draft.ts';

export type PartProps = Readonly<{ store: ChainStore; till: TillView }>;

/** What is wrong with a field, in words; '' when nothing is. */
export function useProblem(store: ChainStore): (field: ChainField) => string {
  const { t, formats } = useWords();
  const { problems, chain } = useStore(store);
  return (field) => {
    const problem = problems[field];
    // Cast: a field that is no limit has no least of its own.
    const least = LEAST[field as LimitField] ?? 0;
    const decimals = MONEY_LIMITS.has(field as LimitField) ? (chain?.currencyDecimals ?? 0) : 0;
    const most = formats.number(LIMIT_MOST / 10 ** decimals);
    const signs = formats.number(POLICY_TEXT_MAX);
    return problem === undefined ? '' : t(`chain.problem.${problem}`, { least, most, signs });
  };
}

/** What came of the last press, beside the button that was pressed. */
export function DeedNotice({ store }: Pick<PartProps, 'store'>) {
  const { t, failure } = useWords();
  const deed = useStore(store, (state) => state.deed);
  if (deed.status === 'failed') return <FailureNotice words={failure(deed.failure)} />;
  if (deed.status !== 'saved') return null;
  return (
    <Notice
      tone="done"
      title={t('chain.saved', { name: deed.name })}
      detail={t('chain.savedDetail')}
      testId="chain-saved"
    />
  );
}

export type ChainFormProps = Readonly<{ store: ChainStore; title: string; children: ReactNode }>;

/** The sheet that one document is changed on: Enter saves it. */
export function ChainForm({ store, title, children }: ChainFormProps) {
  const { t } = useWords();
  const { problems, deed, draft, opened, discard, save } = useStore(store);
  const count = Object.keys(problems).length;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <form
      className={join(layout['sheet'], styles['form'])}
      onSubmit={submit}
      noValidate
      aria-label={title}
      data-testid="chain-form"
    >
      <h2 className={layout['what']}>{title}</h2>
      {children}
      {count > 0 && (
        <p className={styles['problem']} role="alert">
          {t('chain.problems', { count })}
        </p>
      )}
      <DeedNotice store={store} />
      <div className={layout['deeds']}>
        <Button
          look="primary"
          size="large"
          onPress={() => void save()}
          isDisabled={deed.status === 'busy'}
          testId="chain-save"
        >
          {t('chain.save')}
        </Button>
        {draft !== opened && (
          <Button onPress={discard} isDisabled={deed.status === 'busy'} testId="chain-discard">
            {t('chain.discard')}
          </Button>
        )}
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}

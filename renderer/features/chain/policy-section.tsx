import { useState } from 'react';
import { useStore } from 'zustand';
import { POLICY_TEXT_MAX } from '../../../sync/model/policy-text.ts';
import { chooseFile } from '../../lib/host.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { TextArea } from '../../ui/text-area.tsx';
import styles from './chain.module.css';
import type { PolicyProblem, RulesDraft } from './drafts.ts';
import { useProblem, type PartProps } from './form.tsx';
import { readPolicyFile } from './policy-file.ts';

const MODES = ['pdpa', 'gdpr'] as const;

/** What is agreed to, and how it is asked. */
export function PolicySection({ store, draft }: Pick<PartProps, 'store'> & Readonly<{ draft: RulesDraft }>) {
  const { t } = useWords();
  const type = useStore(store, (state) => state.type);
  const problem = useProblem(store);
  const { texts } = draft;
  return (
    <fieldset className={styles['section']}>
      <legend>{t('chain.rules.consent')}</legend>
      <Choices
        label={t('chain.rules.mode')}
        value={MODES.find((mode) => mode === texts.consentMode) ?? 'pdpa'}
        options={MODES.map((value) => ({ value, label: t(`chain.rules.modeOf.${value}`) }))}
        onChange={(mode) => type('consentMode', mode)}
      />
      <Field
        label={t('chain.rules.policyVersion')}
        hint={t('chain.rules.policyVersionHint')}
        value={texts.policyVersion}
        onChange={(text) => type('policyVersion', text)}
        error={problem('policyVersion')}
        maxLength={40}
        name="chain-policy"
        isRequired
      />
      <PolicyTextField
        text={texts.policyText}
        error={problem('policyText')}
        onChange={(text) => type('policyText', text)}
      />
    </fieldset>
  );
}

type PolicyTextProps = Readonly<{ text: string; error: string; onChange: (text: string) => void }>;

/** Typed, pasted or out of a file. A text that is too long is said, never cut: half a policy is another policy. */
function PolicyTextField({ text, error, onChange }: PolicyTextProps) {
  const { t, formats } = useWords();
  const signs = formats.number(POLICY_TEXT_MAX);
  const [ofFile, setOfFile] = useState<PolicyProblem | null>(null);
  const take = (next: string): void => {
    setOfFile(null);
    onChange(next);
  };
  const choose = async (): Promise<void> => {
    const file = await chooseFile({ accept: '.txt' });
    if (file === null) return;
    const read = await readPolicyFile(file);
    if ('text' in read) take(read.text);
    else setOfFile(read.problem);
  };
  return (
    <>
      <TextArea
        label={t('chain.rules.policyText')}
        hint={t('chain.rules.policyTextHint', { signs })}
        value={text}
        onChange={take}
        error={ofFile === null ? error : t(`chain.problem.${ofFile}`, { signs })}
        rows={10}
        name="chain-policy-text"
      />
      <div className={layout['deeds']}>
        <Button onPress={() => void choose()} testId="policy-file">
          {t('chain.rules.policyFile')}
        </Button>
      </div>
    </>
  );
}

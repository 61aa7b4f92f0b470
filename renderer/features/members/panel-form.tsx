import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView, MemberView } from '../../../electron/contract/views.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Keypad } from '../../ui/keypad.tsx';
import { CardDataFields } from '../../parts/card-data.tsx';
import { changeOf, type CardDataDraft } from '../../parts/card-data-draft.ts';
import type { IntentCall } from './intent.ts';
import { Consequences, leftOf } from './consequences.tsx';
import type { Act, Preview } from './member-state.ts';
import { isSupervisor, type Role } from './may.ts';
import { PANEL_FIELDS } from './panel-fields.ts';
import { PanelMoney } from './panel-money.tsx';
import { PanelOptions } from './panel-options.tsx';
import { PanelPreview } from './panel-preview.tsx';
import { PanelSecond } from './panel-second.tsx';
import { countersOf, ReceiptBack } from './receipt-back.tsx';
import { readPanel, type Panel, type PanelField, type PanelText } from './panel.ts';
import { useInSight } from './use-in-sight.ts';
import { usePad } from './use-pad.ts';
import styles from './panel-form.module.css';

const REASON_SIGNS_MAX = 200;
const RECEIPT_SIGNS_MAX = 40;

export type PanelFormProps = Readonly<{
  panel: Panel;
  member: MemberView;
  card: CardView | undefined;
  till: TillView;
  act: Act;
  preview: Preview | null;
  role: Role;
  onType: (field: PanelText, text: string) => void;
  onData: (change: Partial<CardDataDraft>) => void;
  onSubmit: (call: IntentCall) => void;
  /** What the form would do is not known: it is asked again. */
  onLook: () => void;
  onClose: () => void;
}>;

/** One form in its place under the cards; Enter does it, Esc leaves it. */
export function PanelForm(props: PanelFormProps) {
  const { panel, member, card, till, act, onType, onSubmit, onClose } = props;
  const { t, failure } = useWords();
  const [problem, setProblem] = useState<PanelField | null>(null);
  const pad = usePad(panel, card, onType);
  const fields = PANEL_FIELDS[panel.kind];
  const form = useInSight<HTMLFormElement>();
  const foot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a low screen a refusal under a long form would be told to nobody.
    if (act.status === 'failed') foot.current?.scrollIntoView({ block: 'nearest' });
  }, [act]);
  const decimals = till.chain?.currencyDecimals ?? 2;
  const submit = (event?: SubmitEvent): void => {
    event?.preventDefault();
    const shown = { counters: countersOf(props.preview), left: leftOf(props.preview) };
    const read = readPanel(panel, { member, card, ...till, ...shown });
    if ('problem' in read) {
      setProblem(read.problem);
      if (read.problem === 'booked' || read.problem === 'left') props.onLook();
      return;
    }
    setProblem(null);
    onSubmit(read.call);
  };
  const isLooking =
    (problem === 'booked' && countersOf(props.preview) === null) ||
    (problem === 'left' && leftOf(props.preview) === null);
  const isSameData = panel.kind === 'card-data' && card !== undefined && changeOf(panel.data, card) === null;
  const problemText = (field: Exclude<PanelField, 'data'>): string =>
    problem === field ? t(`panelProblem.${field}`) : '';
  return (
    <form
      ref={form}
      className={styles['panel']}
      onSubmit={submit}
      noValidate
      aria-label={t(`panel.${panel.kind}.title`)}
      data-testid="panel"
    >
      <div className={styles['fields']}>
        <div>
          <h2 className={styles['title']}>{t(`panel.${panel.kind}.title`)}</h2>
          <p className={styles['lead']}>{t(`panel.${panel.kind}.lead`, { name: member.name })}</p>
        </div>
        <Consequences preview={props.preview} chain={till.chain} />
        <ReceiptBack panel={panel} preview={props.preview} onType={onType} />
        <PanelOptions panel={panel} card={card} till={till} onType={onType} />
        {(problem === 'reward' || problem === 'cardType' || isLooking) && (
          <p className={styles['problem']}>{problemText(problem)}</p>
        )}
        {panel.kind === 'card-data' && card !== undefined && (
          <CardDataFields
            {...{ card, attributes: till.cardAttributes, draft: panel.data, onChange: props.onData }}
            isSupervisor={isSupervisor(props.role)}
            isSaying={problem === 'data' || act.status === 'failed'}
          />
        )}
        <div className={styles['pair']} onFocus={({ target }) => pad.enter(target.getAttribute('name'))}>
          {fields.amount !== 'none' && (
            <Field
              label={t(`amount.${fields.amount}`, { currency: till.chain?.currency ?? '' })}
              value={panel.amount}
              onChange={(text) => pad.typeIn('amount', text)}
              inputMode={fields.amount === 'money' ? 'decimal' : 'numeric'}
              size="figure"
              isRequired
              isFirst
              error={problemText('amount')}
              maxLength={12}
              name="amount"
            />
          )}
          <PanelMoney {...{ panel, card, chain: till.chain, onType: pad.typeIn }} />
          {fields.hasReceipt && (
            <Field
              label={t('panel.receipt')}
              value={panel.receiptNo}
              onChange={(text) => onType('receiptNo', text)}
              maxLength={RECEIPT_SIGNS_MAX}
              name="receipt"
            />
          )}
        </div>
        {fields.hasCardNumber && (
          <Field
            label={t('cardNumber.label')}
            value={panel.cardNumber}
            onChange={(text) => onType('cardNumber', text)}
            placeholder={t('cardNumber.next')}
            hint={t('cardNumber.hint', { count: till.cardStock })}
            inputMode="numeric"
            error={problemText('cardNumber')}
            maxLength={24}
            isFirst={panel.kind === 'replace'}
            name="card-number"
          />
        )}
        {fields.reason !== 'none' && (
          <Field
            label={t('panel.reason')}
            value={panel.reason}
            onChange={(text) => onType('reason', text)}
            isRequired={fields.reason === 'required'}
            isFirst={fields.amount === 'none' && !fields.hasCardNumber}
            error={problemText('reason')}
            maxLength={REASON_SIGNS_MAX}
            name="reason"
          />
        )}
        <PanelSecond {...{ panel, till, role: props.role, onType }} error={problemText('second')} />
        {panel.kind !== 'edit-amount' && <PanelPreview panel={panel} card={card} till={till} />}
        {act.status === 'failed' && <FailureNotice words={failure(act.failure)} />}
        <div ref={foot} className={styles['buttons']}>
          <Button
            look={fields.isDanger ? 'danger' : 'primary'}
            size="large"
            hotkey="Enter"
            onPress={() => submit()}
            isDisabled={act.status === 'busy' || isSameData}
            testId="panel-submit"
          >
            {t(`panel.${panel.kind}.do`)}
          </Button>
          <Button size="large" hotkey="Esc" onPress={onClose}>
            {t('keys.cancel')}
          </Button>
        </div>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </div>
      {fields.amount !== 'none' && (
        <div className={styles['pad']}>
          <Keypad
            value={pad.value}
            onChange={(text) => pad.typeIn(pad.field, text)}
            extra={(fields.amount === 'money' || pad.field === 'money') && decimals > 0 ? '.' : '00'}
            label={t('signIn.keypad')}
            eraseLabel={t('keys.erase')}
          />
        </div>
      )}
    </form>
  );
}

import { useState } from 'react';
import { useWords } from '../../lib/words.ts';
import { parseBirthday, parseMoney } from '../../lib/parse.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import styles from './about.module.css';
import type { ReceiptsProps } from './receipts.tsx';

interface Typed {
  readonly receiptNo: string;
  readonly storeId: string;
  readonly day: string;
  readonly amount: string;
  readonly note: string;
}

/** What is on the paper, by hand; what was typed stays until it is saved. No points come of it. */
export function AddReceipt({ about, member, till, onRun }: ReceiptsProps) {
  const { t, named } = useWords();
  const [typed, setTyped] = useState<Typed | null>(null);
  const [isSaying, setSaying] = useState(false);
  if (member.state === 'anonymised' || member.extras.isRemoved) return null;
  const open = (): void => {
    const storeId = till.enrolment?.storeId ?? '';
    const isKnown = about.stores.some(({ id }) => id === storeId);
    setSaying(false);
    setTyped({
      ...{ receiptNo: '', amount: '', note: '', day: till.businessDay },
      storeId: isKnown ? storeId : (about.stores[0]?.id ?? ''),
    });
  };
  if (typed === null)
    return (
      <Button onPress={open} testId="add-receipt">
        {t('receipts.add')}
      </Button>
    );
  const receiptNo = typed.receiptNo.trim();
  const day = parseBirthday(typed.day, till.businessDay);
  const amountMinor = parseMoney(typed.amount, till.chain?.currencyDecimals ?? 2);
  const save = async (): Promise<void> => {
    setSaying(true);
    if (receiptNo === '' || day === null || amountMinor === null || amountMinor === 0) return;
    const store = about.stores.find(({ id }) => id === typed.storeId);
    if (store === undefined) return;
    const receipt = { receiptNo, day, amountMinor, note: typed.note.trim(), storeId: store.id };
    const { memberId } = member;
    if (await onRun({ method: 'receipts.add', input: { memberId, receipt } })) setTyped(null);
  };
  const set = (change: Partial<Typed>): void => setTyped({ ...typed, ...change });
  const say = (isWrong: boolean, problem: 'number' | 'day' | 'amount'): string =>
    isSaying && isWrong ? t(`receipts.problem.${problem}`) : '';
  return (
    <form
      className={styles['fields']}
      aria-label={t('receipts.add')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        {...{ label: t('receipts.number'), value: typed.receiptNo, name: 'hand-receipt', maxLength: 40 }}
        onChange={(text) => set({ receiptNo: text })}
        error={say(receiptNo === '', 'number')}
        isRequired
        isFirst
      />
      <Select
        {...{ label: t('receipts.store'), value: typed.storeId, name: 'hand-store' }}
        options={about.stores.map(({ id, body }) => ({
          value: id,
          label: named(typeof body['name'] === 'string' ? body['name'] : id, ''),
        }))}
        onChange={(storeId) => set({ storeId })}
      />
      <Field
        {...{ label: t('receipts.day'), value: typed.day, name: 'hand-day', maxLength: 20 }}
        onChange={(text) => set({ day: text })}
        error={say(day === null, 'day')}
        isRequired
      />
      <Field
        {...{ label: t('receipts.amount'), value: typed.amount, name: 'hand-amount', maxLength: 20 }}
        onChange={(amount) => set({ amount })}
        inputMode="decimal"
        error={say(amountMinor === null || amountMinor === 0, 'amount')}
        isRequired
      />
      <Field
        {...{ label: t('receipts.note'), value: typed.note, name: 'hand-note', maxLength: 200 }}
        onChange={(note) => set({ note })}
        hint={t('receipts.hint')}
      />
      <div className={styles['words']}>
        <Button onPress={() => void save()} testId="save-receipt">
          {t('receipts.save')}
        </Button>
        <Button look="quiet" onPress={() => setTyped(null)}>
          {t('receipts.leave')}
        </Button>
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}

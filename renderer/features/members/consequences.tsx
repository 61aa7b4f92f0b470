import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type { Preview } from './member-state.ts';
import type { LeftShown } from './panel.ts';
import styles from './panel-form.module.css';

/** Null while the form does not show what becomes of balances. */
export const leftOf = (preview: Preview | null): LeftShown | null =>
  preview?.kind === 'leave' ? preview.removal.left : null;

/** What a removal takes out of use, and what another amount makes of the points: said before the press. */
export function Consequences({ preview }: Readonly<{ preview: Preview | null; chain: TillView['chain'] }>) {
  const { t, units, named, formats, failure } = useWords();
  if (preview === null) return null;
  if (preview.kind === 'failed') return <FailureNotice words={failure(preview.failure)} />;
  if (preview.kind === 'receipt') return null;
  if (preview.kind === 'edit') {
    const { oldAmountMinor, newAmountMinor, oldUnits, newUnits, unit, balance, balanceAfter } = preview.edit;
    return (
      // A list that is a status is no list to a screen reader any more.
      <div role="status" data-testid="consequences">
        <dl className={styles['consequences']}>
          <dt>{t('consequence.amount')}</dt>
          <dd>{`${formats.money(oldAmountMinor)} → ${formats.money(newAmountMinor)}`}</dd>
          <dt>{t('consequence.earned')}</dt>
          <dd>{`${units(oldUnits, unit)} → ${units(newUnits, unit)}`}</dd>
          <dt>{t('consequence.balance')}</dt>
          <dd>{`${units(balance, unit)} → ${units(balanceAfter, unit)}`}</dd>
        </dl>
      </div>
    );
  }
  const { cards, mobileText, openOps, mergedPeople } = preview.removal;
  const leftBy = (how: 'forfeited' | 'paid_out'): string[] =>
    preview.removal.left.flatMap((each) => (each.how === how ? [units(each.units, each.unit)] : []));
  return (
    <div className={styles['consequences']} role="status" data-testid="consequences">
      {cards.length === 0 && <p>{t('consequence.noCards')}</p>}
      {cards.length > 0 && <p>{t('consequence.cards', { count: cards.length })}</p>}
      <ul>
        {cards.map(({ cardNumber, cardType, cardTypeZh, balance, unit, isInstalled }) => (
          <li key={cardNumber}>
            {`${named(cardType, cardTypeZh)} · …${cardNumber.slice(-4)} · ${units(balance, unit)}`}
            {isInstalled && ` · ${t('consequence.installed')}`}
          </li>
        ))}
      </ul>
      {(['forfeited', 'paid_out'] as const).map((how) => {
        const left = leftBy(how);
        return (
          left.length > 0 && (
            <p key={how}>
              <b>{t(`consequence.left.${how}`, { units: formats.list(left) })}</b>
            </p>
          )
        );
      })}
      {mobileText !== '' && <p>{t('consequence.mobile', { mobile: mobileText })}</p>}
      {openOps > 0 && <p>{t('consequence.open', { count: openOps })}</p>}
      {mergedPeople > 0 && <p>{t('consequence.merged', { count: mergedPeople })}</p>}
    </div>
  );
}

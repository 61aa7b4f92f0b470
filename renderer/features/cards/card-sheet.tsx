import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import type { CardListRow } from '../../../electron/contract/card-list.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { useWords } from '../../lib/words.ts';
import { ageLimitsOf } from '../../parts/balance-age.ts';
import { Ticket } from '../../parts/ticket.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { CardsStore } from './cards-store.ts';
import { DeedFormView } from './deed-form.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './cards.module.css';

/** The encoder is far larger than its screen: read with the first card that is looked at. */
const PaperCard = lazy(async () => ({ default: (await import('./paper-card.tsx')).PaperCard }));

export type CardSheetProps = Readonly<{
  store: CardsStore;
  till: TillView;
  row: CardListRow;
  onOpenMember: (memberId: MemberId) => void;
  onPrint: () => void;
}>;

/** One card: what it is, what its status allows, what can be done. */
export function CardSheet({ store, till, row, onOpenMember, onPrint }: CardSheetProps) {
  const { t } = useWords();
  const { form, ask, attributes } = useStore(store);
  const { card } = row;
  const coupons = till.cardTypes.filter(({ kind, isRetired }) => kind === 'coupon' && !isRetired);
  const rewards = card.rewards.filter(({ isAffordable }) => isAffordable);
  const can = (action: (typeof card.actions)[number]): boolean => card.actions.includes(action);
  return (
    <aside
      className={join(layout['stack'], styles['sheet'])}
      aria-label={t('cards.sheet')}
      data-testid="card-sheet"
    >
      <div data-screen-only className={layout['stack']}>
        <Ticket card={card} isFront={false} attributes={attributes} limits={ageLimitsOf(till)} />
        <p className={styles['name']}>{row.memberName}</p>
        {/* An open form says itself what it does, and is to stand in sight. */}
        {form === null && (
          <p data-testid="card-allows">
            <strong>{t(`cardStatus.${card.status}`)}.</strong> {t(`cards.allows.${card.status}`)}
          </p>
        )}
        {card.isInstalled && <p data-testid="card-installed">{t('cards.installed')}</p>}
        {row.memberState !== 'active' && (
          <Notice tone="warn" title={t(`cards.barred.${row.memberState}`)} detail={t('cards.barredNext')} />
        )}
        {card.balance.confirmed + card.balance.pending < 0 && (
          <Notice tone="refuse" title={t('cards.overdrawn')} detail={t('cards.overdrawnNext')} />
        )}
        {form === null && (
          <div className={layout['deeds']}>
            <Button look="primary" onPress={() => onOpenMember(row.memberId)} testId="card-open">
              {t('cards.open')}
            </Button>
            {can('redeem') && rewards.length > 0 && (
              <Button onPress={() => ask('reward', rewards[0]?.rewardId)} testId="card-reward">
                {t('cards.deed.reward')}
              </Button>
            )}
            {row.memberState === 'active' && coupons.length > 0 && (
              <Button onPress={() => ask('coupon', coupons[0]?.cardTypeId)} testId="card-coupon">
                {t('cards.deed.coupon')}
              </Button>
            )}
            {can('replace') && (
              <Button onPress={() => ask('replace')} testId="card-replace">
                {t('cards.deed.replace')}
              </Button>
            )}
            {can('report-lost') && (
              <Button onPress={() => ask('report-lost')} testId="card-lost">
                {t('cards.deed.report-lost')}
              </Button>
            )}
            {can('close') && (
              <Button look="danger" onPress={() => ask('close')} testId="card-close">
                {t('cards.deed.close')}
              </Button>
            )}
            {row.memberState !== 'anonymised' && (
              <Button onPress={() => ask('data')} testId="card-edit">
                {t('cards.deed.data')}
              </Button>
            )}
            <Button onPress={onPrint} testId="card-print">
              {t('cards.print')}
            </Button>
          </div>
        )}
        {form !== null && <DeedFormView store={store} row={row} coupons={coupons} form={form} />}
      </div>
      <Suspense fallback={null}>
        <PaperCard row={row} chainName={till.chain?.name ?? ''} />
      </Suspense>
    </aside>
  );
}

import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type { CouponStore } from './coupon-store.ts';
import { memberAt } from './directory-state.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';

export type CardTypes = TillView['cardTypes'];

/** What can be given from the list. */
export const couponsOf = (cardTypes: CardTypes): CardTypes =>
  cardTypes.filter(({ kind, isRetired }) => kind === 'coupon' && !isRetired);

export type CouponPanelProps = Readonly<{
  store: DirectoryStore;
  coupons: CouponStore;
  types: CardTypes;
  onClose: () => void;
}>;

/** A coupon for the member of the row in hand (F17): one press, and her page stays closed. */
export function CouponPanel({ store, coupons, types, onClose }: CouponPanelProps) {
  const words = useWords();
  const { t, named } = words;
  const member = useStore(store, memberAt);
  const { giving, give, reset } = useStore(coupons);
  const panel = useRef<HTMLElement>(null);
  // Whoever opened it means to give one; what became of the last is over.
  useEffect(() => {
    reset();
    panel.current?.querySelector('button')?.focus();
  }, [reset]);
  if (member === null) return null;
  const isHers = giving.status !== 'idle' && giving.issue.memberId === member.memberId;
  return (
    <section
      ref={panel}
      className={styles['panel']}
      aria-label={t('directory.coupon.title', { name: member.name })}
      data-testid="coupon-panel"
      data-status={giving.status}
    >
      <h2>{t('directory.coupon.title', { name: member.name })}</h2>
      <div className={styles['deeds']}>
        {types.map(({ cardTypeId, name, nameZh }) => (
          <Button
            key={cardTypeId}
            isDisabled={giving.status === 'busy'}
            onPress={() => void give(member, cardTypeId)}
            testId="coupon-give"
          >
            + {named(name, nameZh)}
          </Button>
        ))}
        <Button look="primary" hotkey="Esc" onPress={onClose}>
          {t('directory.done')}
        </Button>
      </div>
      <p role="status">
        {isHers && giving.status === 'done' && t('directory.coupon.given', { name: giving.name })}
      </p>
      {isHers && giving.status === 'failed' && <FailureNotice words={words.failure(giving.failure)} />}
    </section>
  );
}

import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type { CouponStore } from './coupon-store.ts';
import styles from './directory.module.css';

export type CardTypes = TillView['cardTypes'];

/** What can be given from the list. */
export const couponsOf = (cardTypes: CardTypes): CardTypes =>
  cardTypes.filter(({ kind, isRetired }) => kind === 'coupon' && !isRetired);

export type CouponPanelProps = Readonly<{
  coupons: CouponStore;
  types: CardTypes;
  onClose: () => void;
}>;

/** A coupon for whoever stood in the row when it was opened (F17): one press, and her page stays closed. */
export function CouponPanel({ coupons, types, onClose }: CouponPanelProps) {
  const words = useWords();
  const { t, named } = words;
  const { member, giving, give } = useStore(coupons);
  const panel = useRef<HTMLElement>(null);
  // Whoever opened it means to give one.
  useEffect(() => panel.current?.querySelector('button')?.focus(), []);
  if (member === null) return null;
  const title = t('directory.coupon.title', {
    // The number tells two people of one name apart.
    name: member.mobile === '' ? member.name : `${member.name} (${member.mobile})`,
  });
  return (
    <section
      ref={panel}
      className={styles['panel']}
      aria-label={title}
      data-testid="coupon-panel"
      data-status={giving.status}
    >
      <h2>{title}</h2>
      <div className={styles['deeds']}>
        {types.map(({ cardTypeId, name, nameZh }) => (
          <Button
            key={cardTypeId}
            isDisabled={giving.status === 'busy'}
            onPress={() => void give(cardTypeId)}
            testId="coupon-give"
          >
            + {named(name, nameZh)}
          </Button>
        ))}
        <Button look="primary" hotkey="Esc" onPress={onClose}>
          {t('directory.done')}
        </Button>
      </div>
      <p role="status">{giving.status === 'done' && t('directory.coupon.given', { name: giving.name })}</p>
      {giving.status === 'failed' && <FailureNotice words={words.failure(giving.failure)} />}
    </section>
  );
}

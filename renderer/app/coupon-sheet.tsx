import { useWords } from '../lib/words.ts';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { readableCode } from './readable-code.ts';
import type { Coupon } from './place-store.ts';
import styles from './shell.module.css';

/** What a coupon says of itself, and where it is redeemed: not at this till. */
export function CouponSheet({ coupon, onClose }: Readonly<{ coupon: Coupon; onClose: () => void }>) {
  const { t, formats } = useWords();
  const { issuer, reference, value, currency, expiry } = coupon.facts;
  const facts = [
    { label: t('coupon.value'), text: value === undefined ? undefined : `${value} ${currency ?? ''}`.trim() },
    { label: t('coupon.until'), text: expiry === undefined ? undefined : formats.day(expiry) },
    { label: t('coupon.issuer'), text: issuer },
    { label: t('coupon.reference'), text: reference },
    { label: t('coupon.number'), text: readableCode(coupon.text) },
  ];
  return (
    <Sheet title={t('coupon.title')} onClose={onClose}>
      <div className={styles['coupon']} data-testid="coupon">
        <p>{t('coupon.lead')}</p>
        <dl className={styles['facts']} data-selectable>
          {facts.map(({ label, text }) =>
            text === undefined || text === '' ? null : <CouponFact key={label} label={label} text={text} />,
          )}
        </dl>
        <p className={styles['soft']}>{t('coupon.own')}</p>
      </div>
      <Button look="primary" hotkey="Esc" onPress={onClose}>
        {t('keys.close')}
      </Button>
    </Sheet>
  );
}

function CouponFact({ label, text }: Readonly<{ label: string; text: string }>) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </>
  );
}

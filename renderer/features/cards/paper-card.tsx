import type { CardListRow } from '../../../electron/contract/card-list.ts';
import { useWords } from '../../lib/words.ts';
import { QUIET_MODULES, toBars } from '../../parts/barcode-bars.ts';
import { toQrPath } from '../../lib/qr-path.ts';
import styles from './cards.module.css';

const BAR_HEIGHT = 40;
/** Light around a QR code, in modules. */
const QR_QUIET = 4;
/** A card number always fits the smallest code. */
const QR_MODULES = 21;

/** The card on paper: name, number as bars and as a QR code. Both say the number and nothing else. */
export function PaperCard({ row, chainName }: Readonly<{ row: CardListRow; chainName: string }>) {
  const { t, cardName, formats } = useWords();
  const { card } = row;
  const { bars, width } = toBars(card.cardNumber);
  const qr = toQrPath(card.cardNumber);
  const whole = width + 2 * QUIET_MODULES;
  const quiet = (QR_QUIET * qr.size) / QR_MODULES;
  const side = qr.size + 2 * quiet;
  return (
    <div className={styles['paper']} data-paper-only data-testid="paper-card">
      <p className={styles['paperChain']}>{chainName}</p>
      <p className={styles['paperName']}>{cardName(card)}</p>
      <p>{row.memberName}</p>
      <div className={styles['codes']}>
        <svg
          viewBox={`${-QUIET_MODULES} 0 ${whole} ${BAR_HEIGHT}`}
          preserveAspectRatio="none"
          shapeRendering="crispEdges"
          className={styles['bars']}
          role="img"
          aria-label={t('cards.barcode')}
        >
          {bars.map((bar) => (
            <rect key={bar.x} x={bar.x} y="0" width={bar.width} height={BAR_HEIGHT} />
          ))}
        </svg>
        <svg
          viewBox={`${-quiet} ${-quiet} ${side} ${side}`}
          shapeRendering="crispEdges"
          className={styles['qr']}
          role="img"
          aria-label={t('cards.qr')}
        >
          <path d={qr.path} fillRule="evenodd" />
        </svg>
      </div>
      <p className={styles['paperNumber']}>{card.cardNumber.replace(/(\d{4})(?=\d)/g, '$1 ')}</p>
      {card.expiresOn !== null && <p>{t('ticket.until', { day: formats.day(card.expiresOn) })}</p>}
    </div>
  );
}

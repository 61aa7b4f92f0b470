import { QUIET_MODULES, toBars } from '../../parts/barcode-bars.ts';
import styles from './doctor.module.css';

const HEIGHT = 40;
/** Whole pixels for each module: bars of uneven width are not read. */
const MODULE_PX = 2;

export type BarcodeProps = Readonly<{
  /** As `toBars` wants it. */
  code: string;
  label: string;
}>;

/** A Code 128 in black on white, whatever the theme. */
export function Barcode({ code, label }: BarcodeProps) {
  const { bars, width } = toBars(code);
  const whole = width + 2 * QUIET_MODULES;
  return (
    <div className={styles['barcode']}>
      <svg
        role="img"
        aria-label={label}
        width={whole * MODULE_PX}
        viewBox={`${-QUIET_MODULES} 0 ${whole} ${HEIGHT}`}
        preserveAspectRatio="none"
        shapeRendering="crispEdges"
        data-testid="barcode"
        data-code={code}
      >
        {bars.map((bar) => (
          <rect key={bar.x} x={bar.x} y="0" width={bar.width} height={HEIGHT} />
        ))}
      </svg>
    </div>
  );
}

import { lazy, Suspense } from 'react';
import type { BarcodeProps } from './barcode.tsx';
import styles from './doctor.module.css';

/** The drawing is far larger than its screen, and a till needs it once in its life. */
const Barcode = lazy(async () => ({ default: (await import('./barcode.tsx')).Barcode }));

/** A barcode in its place, which is there before the bars are. */
export function DrawnCode(props: BarcodeProps) {
  return (
    <Suspense fallback={<div className={styles['barcode']} />}>
      <Barcode {...props} />
    </Suspense>
  );
}

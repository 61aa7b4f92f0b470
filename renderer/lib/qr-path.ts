import { qrcode } from '@bwip-js/browser';

export interface QrPath {
  /** For one `path` of an SVG, filled by the even-odd rule. */
  readonly path: string;
  /** Of each side, in the path's own unit. */
  readonly size: number;
}

/**
 * A QR code as an outline, one unit a module.
 *
 * @throws {Error} for a text that the code can not hold.
 */
export function toQrPath(text: string): QrPath {
  const parts: string[] = [];
  let size = 0;
  return qrcode<QrPath>(
    { bcid: 'qrcode', text, scale: 1 },
    {
      scale: (x, y) => [x, y],
      measure: () => ({ width: 0, ascent: 0, descent: 0 }),
      init: (width, height) => {
        size = Math.max(width, height);
      },
      line: () => undefined,
      polygon: (points) => void parts.push(`M${points.map(([x, y]) => `${x ?? 0} ${y ?? 0}`).join('L')}Z`),
      hexagon: () => undefined,
      ellipse: () => undefined,
      fill: () => undefined,
      text: () => undefined,
      end: () => ({ path: parts.join(''), size }),
    },
  );
}

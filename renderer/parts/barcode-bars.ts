import { code128 } from '@bwip-js/browser';

export interface Bar {
  readonly x: number;
  readonly width: number;
}

/** In modules: the narrowest bar is 1 wide. */
export interface Bars {
  readonly bars: readonly Bar[];
  readonly width: number;
}

/** Light on both sides, or a scanner does not find the code. */
export const QUIET_MODULES = 10;

/** Drawn twice as large, so that the middle of the narrowest bar is a whole number: others are rounded. */
const SCALE = 2;

/**
 * The bars of a Code 128.
 *
 * @param code Text; `^029` is the sign of that number, `^FNC3` the function sign.
 * @throws {Error} for a text that the code can not hold.
 */
export function toBars(code: string): Bars {
  const bars: Bar[] = [];
  return code128<Bars>(
    {
      bcid: 'code128',
      text: code,
      parse: true,
      parsefnc: true,
      includetext: false,
      scaleX: SCALE,
      scaleY: SCALE,
      height: 10,
    },
    {
      scale: (x, y) => [x, y],
      measure: () => ({ width: 0, ascent: 0, descent: 0 }),
      init: () => undefined,
      // A bar is a line as thick as it is wide, its x in the middle.
      line: (x, ...rest) => {
        const thickness = rest[3];
        bars.push({ x: (x - thickness / 2) / SCALE, width: thickness / SCALE });
      },
      polygon: () => undefined,
      hexagon: () => undefined,
      ellipse: () => undefined,
      fill: () => undefined,
      text: () => undefined,
      end: () => fromZero(bars),
    },
  );
}

function fromZero(drawn: readonly Bar[]): Bars {
  const start = Math.min(...drawn.map(({ x }) => x));
  const bars = drawn
    .map(({ x, width }) => ({ x: x - start, width }))
    .toSorted((left, right) => left.x - right.x);
  const last = bars.at(-1);
  return { bars, width: last === undefined ? 0 : last.x + last.width };
}

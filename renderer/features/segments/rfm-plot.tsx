import { useRef, type KeyboardEvent } from 'react';
import { useWords } from '../../lib/words.ts';
import type { RfmPicture } from './segments-state.ts';
import styles from './segments.module.css';

export type RfmPlotProps = Readonly<{
  picture: RfmPicture;
  chosen: Readonly<{ recency: number; frequency: number }> | null;
  onChoose: (recency: number, frequency: number) => void;
}>;

const CELL = 88;
const LEFT = 92;
const TOP = 8;
const FOOT = 44;
const RADIUS_MAX = 38;
const RADIUS_MIN = 4;
/** Steps of colour by money for each member; the tokens are `--heat-1` to `--heat-5`. */
const HEATS = 5;

type Cell = RfmPicture['grid'][number];
const averageOf = ({ members, spentMinor }: Cell): number => (members === 0 ? 0 : spentMinor / members);

/** Which step of colour each square has: by rank of the average among those with people, ties alike. */
function heatsOf(grid: readonly Cell[]): (cell: Cell) => number {
  const averages = grid.filter(({ members }) => members > 0).map(averageOf);
  return (cell) => {
    const below = averages.filter((each) => each < averageOf(cell)).length;
    return 1 + Math.min(HEATS - 1, Math.floor((below * HEATS) / Math.max(1, averages.length)));
  };
}

const ROWS = [5, 4, 3, 2, 1] as const;
const COLUMNS = [1, 2, 3, 4, 5] as const;
type Fifth = (typeof COLUMNS)[number];

/** Recency upwards, frequency to the right; a disc's area is people, its colour money per head. */
export function RfmPlot({ picture, chosen, onChoose }: RfmPlotProps) {
  const { t } = useWords();
  const plot = useRef<SVGSVGElement>(null);
  const most = Math.max(1, ...picture.grid.map(({ members }) => members));
  const heatOf = heatsOf(picture.grid);
  const width = LEFT + CELL * 5 + 8;
  const height = TOP + CELL * 5 + FOOT;
  const focus = (recency: number, frequency: number): void =>
    plot.current?.querySelector<SVGGElement>(`[data-cell="${recency}-${frequency}"]`)?.focus();
  return (
    <svg
      ref={plot}
      className={styles['plot']}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={t('segments.plotTitle')}
    >
      {ROWS.map((recency, row) => (
        <text
          key={recency}
          x={LEFT - 10}
          y={TOP + CELL * (row + 0.5)}
          textAnchor="end"
          dominantBaseline="middle"
        >
          {t(`segments.recency.${recency}`)}
        </text>
      ))}
      {COLUMNS.map((frequency, column) => (
        <text key={frequency} x={LEFT + CELL * (column + 0.5)} y={TOP + CELL * 5 + 20} textAnchor="middle">
          {t(`segments.frequency.${frequency}`)}
        </text>
      ))}
      {picture.grid.map((cell) => (
        <Square
          key={`${cell.recency}-${cell.frequency}`}
          cell={cell}
          heat={heatOf(cell)}
          radius={cell.members === 0 ? 0 : Math.max(RADIUS_MIN, Math.sqrt(cell.members / most) * RADIUS_MAX)}
          isChosen={chosen?.recency === cell.recency && chosen.frequency === cell.frequency}
          onChoose={onChoose}
          onStep={focus}
        />
      ))}
    </svg>
  );
}

const STEPS: Readonly<Record<string, readonly [recency: number, frequency: number]>> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

type SquareProps = Readonly<{
  cell: Cell;
  heat: number;
  radius: number;
  isChosen: boolean;
  onChoose: (recency: number, frequency: number) => void;
  onStep: (recency: number, frequency: number) => void;
}>;

function Square({ cell, heat, radius, isChosen, onChoose, onStep }: SquareProps) {
  const { t, formats } = useWords();
  const { recency, frequency, members, spentMinor } = cell;
  const [x, y] = [LEFT + CELL * (frequency - 1), TOP + CELL * (5 - recency)];
  const [middleX, middleY] = [x + CELL / 2, y + CELL / 2];
  const press = (event: KeyboardEvent<SVGGElement>): void => {
    const step = STEPS[event.key];
    if (step !== undefined) onStep(recency + step[0], frequency + step[1]);
    else if (event.key === 'Enter' || event.key === ' ') onChoose(recency, frequency);
    else return;
    event.preventDefault();
    // The one box takes digits and letters, not what walks in the plot.
    event.stopPropagation();
  };
  const label = t('segments.cellLabel', {
    recency: t(`segments.recency.${recency as Fifth}`),
    frequency: t(`segments.frequency.${frequency as Fifth}`),
    people: t('segments.people', { count: members, text: formats.number(members) }),
    amount: formats.roughMoney(spentMinor),
  });
  return (
    <g
      className={styles['cell']}
      role="button"
      tabIndex={0}
      aria-label={label}
      aria-pressed={isChosen}
      data-cell={`${recency}-${frequency}`}
      onClick={() => onChoose(recency, frequency)}
      onKeyDown={press}
    >
      <rect x={x + 2} y={y + 2} width={CELL - 4} height={CELL - 4} rx={8} />
      {radius > 0 && <circle cx={middleX} cy={middleY} r={radius} data-heat={heat} />}
      <text x={middleX} y={y + CELL - 10} textAnchor="middle" className={styles['cellText']}>
        {formats.number(members)}
      </text>
    </g>
  );
}

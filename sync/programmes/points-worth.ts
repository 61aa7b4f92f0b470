import type { PointsWorth } from '../model/chain.ts';

const MOST = BigInt(Number.MAX_SAFE_INTEGER);
/** In whole numbers of any size, as `earnFor`: a balance times an amount is beyond a double. */
const bounded = (exact: bigint): number => Number(exact > MOST ? MOST : exact);

/** Minor units that so many points cover, rounded down; 0 for a balance that is below 0. */
export const worthOf = ({ points, minor }: PointsWorth, count: number): number =>
  count <= 0 ? 0 : bounded((BigInt(count) * BigInt(minor)) / BigInt(points));

/** The fewest points that cover so many minor units: rounded up, so that the shop never gives more than they cover. */
export const pointsFor = ({ points, minor }: PointsWorth, amountMinor: number): number =>
  amountMinor <= 0 ? 0 : bounded((BigInt(amountMinor) * BigInt(points) + BigInt(minor) - 1n) / BigInt(minor));

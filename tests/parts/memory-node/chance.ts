import { hash } from 'node:crypto';

let seed = '';
let count = 0;

/** What stands in for the platform's randomness begins anew, the same for the same seed. */
export function seedChance(from: string): void {
  seed = from;
  count = 0;
}

/** Lower-case hex of so many bytes. Not for secrets. */
function nextHex(byteCount: number): string {
  let hex = '';
  while (hex.length < byteCount * 2) {
    count += 1;
    hex += hash('sha256', `${seed} ${count}`, 'hex');
  }
  return hex.slice(0, byteCount * 2);
}

/** Stands in for `randomBytes` of `node:crypto`. */
export const randomBytes = (byteCount: number): Buffer => Buffer.from(nextHex(byteCount), 'hex');

/** Stands in for `uuidv7`: ids that the code under simulation makes by itself. */
export function uuidv7(): string {
  const hex = nextHex(10);
  const order = count.toString(16).padStart(12, '0');
  return `${order.slice(0, 8)}-${order.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

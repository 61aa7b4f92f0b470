import { z } from 'zod';

/** Number and seal of the feed's last op, as the centre gave it. A till keeps and shows it; see `crm/history.ts`. */
export const Mark = z.string().max(40);

/** Numbers of the feed in base 36: an exchange with nothing to say is counted in bytes. */
const BASE = 36;
const NUMBER = /^([0-9a-z]{1,11})\./;

export const markNumberText = (seq: number): string => seq.toString(BASE);

/** The number that a mark is about; 0 for what is none. */
export const markNumber = (mark: string): number => Number.parseInt(NUMBER.exec(mark)?.[1] ?? '0', BASE);

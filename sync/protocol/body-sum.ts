/**
 * CRC-32 of a reply's bytes as they travel, in hex. Against lines that spoil bytes, not against people: for
 * those there is TLS. A reply without it is read all the same.
 */
export const BODY_SUM_HEADER = 'counterfoil-sum';

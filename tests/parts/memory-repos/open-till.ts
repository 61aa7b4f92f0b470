/** Stands in for the encrypted file: a simulated till is handed its files. */
export function openTill(): never {
  throw new Error('a simulated till is handed its files');
}

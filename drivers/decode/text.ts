/**
 * Bytes as text: UTF-8 if they are valid UTF-8, ISO-8859-1 otherwise, which is what scanners send. Never
 * throws. Written with the language alone, since this folder runs where neither Node nor a page is at hand.
 */
export function bytesToText(bytes: Uint8Array): string {
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  if (bytes.every((byte) => byte < 0x80)) return latin1;
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return latin1;
  }
}

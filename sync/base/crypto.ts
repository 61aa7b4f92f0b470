/** Hashing and randomness, injected so that `sync` runs in Node, Electron and a browser alike. */
export interface Crypto {
  /** SHA-256 of the UTF-8 bytes of `text`, as 64 lower-case hex digits. */
  sha256Hex(text: string): string;
  /** `byteCount` bytes from the platform's secure source, as lower-case hex. */
  randomHex(byteCount: number): string;
}

/** Hashing and randomness, injected so that `sync` runs in Node, Electron and a browser alike. */
export interface Crypto {
  /** SHA-256 of the UTF-8 bytes of `text`, as 64 lower-case hex digits. */
  sha256Hex(text: string): string;
  /** `byteCount` bytes from the platform's secure source, as lower-case hex. */
  randomHex(byteCount: number): string;
}

/**
 * Ed25519 over bytes, or over the UTF-8 bytes of a text. Keys are the raw 32 bytes as 64 hex digits (a secret
 * one is the seed), signatures 128 hex digits.
 */
export interface Signing {
  sign(secretKey: string, message: Uint8Array | string): string;
  /** False for anything that is not this key's signature of `message`, malformed ones too. Never throws. */
  isSigned(publicKey: string, message: Uint8Array | string, signature: string): boolean;
}

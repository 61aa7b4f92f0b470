/** Signs what tills must be able to tell from a forgery. Ed25519 with the centre's own key, hex. */
export interface FeedSigner {
  sign(text: string): Promise<string>;
}

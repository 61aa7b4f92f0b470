/** Finds slots by row: those of the build rise with their rows, later ones are kept apart. */
export class RidSlots {
  #built = 0;
  readonly #later = new Map<number, number>();

  /** The first so many slots were given in the order of their rows. */
  setBuilt(count: number): void {
    this.#built = count;
  }

  add(rid: number, slot: number): void {
    this.#later.set(rid, slot);
  }

  /** @param rids of each slot @returns -1 for a row without one */
  find(rids: Int32Array, rid: number): number {
    const later = this.#later.get(rid);
    if (later !== undefined) return later;
    // Rows are read in their order, nearly always without a gap.
    const guess = rid - 1;
    if (guess < this.#built && rids[guess] === rid) return guess;
    let low = 0;
    let high = this.#built;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rids[middle] ?? 0) < rid) low = middle + 1;
      else high = middle;
    }
    return low < this.#built && rids[low] === rid ? low : -1;
  }
}

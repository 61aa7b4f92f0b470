/** Bytes in, lines out. Pure; a line is cut at "\n", which UTF-8 uses for nothing else. */
interface LineSplitter {
  /**
   * Whole lines that `chunk` completed, without their end.
   *
   * @throws RangeError for a line longer than the limit; the splitter is of no use afterwards.
   */
  push(chunk: Uint8Array): string[];
}

/** @param lineBytesMax Longest line that is kept, its end not counted. */
export function createLineSplitter(lineBytesMax: number): LineSplitter {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let partBytes = 0;

  const add = (bytes: Uint8Array): void => {
    partBytes += bytes.length;
    if (partBytes > lineBytesMax) throw new RangeError(`line longer than ${lineBytesMax} bytes`);
    // A copy: the stream may use the chunk's memory again.
    if (bytes.length > 0) parts.push(bytes.slice());
  };
  const take = (): string => {
    const line = decoder.decode(Buffer.concat(parts));
    parts = [];
    partBytes = 0;
    return line;
  };
  return {
    push: (chunk) => {
      const lines: string[] = [];
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        add(chunk.subarray(from, end));
        lines.push(take());
        from = end + 1;
      }
      add(chunk.subarray(from));
      return lines;
    },
  };
}

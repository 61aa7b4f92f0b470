/** Above this an answer is late. */
const LATE_MS = 2_000;
const TRIES = 3;

/**
 * What a request is answered with, and whether it hangs. A machine that is busy with something else makes one answer
 * late, and not the same one three times: only what is late each time hangs.
 *
 * @param send The same request each time; the first answer counts.
 */
export async function askInTime<Reply>(
  send: () => Promise<Reply>,
): Promise<{ reply: Reply; isHanging: boolean }> {
  const replies: Reply[] = [];
  for (;;) {
    const startedAt = performance.now();
    replies.push(await send());
    const isLate = performance.now() - startedAt > LATE_MS;
    const [reply] = replies as [Reply];
    if (!isLate || replies.length === TRIES) return { reply, isHanging: isLate };
  }
}

/** What a parent process may ask of this one; told by name, answered when it is done. */
type Answers = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

interface Asked {
  id: number;
  name: string;
  argument: unknown;
}

/** Answers the parent until it hangs up. */
export function answerParent(answers: Answers): void {
  const answer = async ({ id, name, argument }: Asked): Promise<void> => {
    try {
      const act = answers[name];
      if (act === undefined) throw new Error(`nobody answers ${name}`);
      // Cast: parent and child are of one bench, and the parent's calls are typed.
      process.send?.({ id, result: await act(argument as never) });
    } catch (cause) {
      process.send?.({
        id,
        failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
      });
    }
  };
  process.on('message', (asked) => void answer(asked as Asked));
  process.once('disconnect', () => process.exit(0));
}

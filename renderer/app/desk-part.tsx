import { lazy, useState, type ComponentType } from 'react';

/** Code of the desk that is a file of its own. */
export interface DeskPart<Props extends object> {
  /** The page. One that was not read yet is read when it is first drawn; until then its place stays empty. */
  Page: ComponentType<Props>;
  /** Reads it beforehand: drawn after that it stands at once. */
  read: () => Promise<unknown>;
}

/** @param fetchPage asked again each time, so that what once failed can still come */
export function deskPart<Props extends object>(
  fetchPage: () => Promise<ComponentType<Props>>,
): DeskPart<Props> {
  let here: ComponentType<Props> | undefined;
  const read = async (): Promise<ComponentType<Props>> => (here = await fetchPage());
  // What is lazy leaves its place empty first, even if it was read: so it is only for what was not.
  const Later = lazy(async () => ({ default: await read() })) as unknown as ComponentType<Props>;
  function Page(props: Props) {
    // Chosen once: a page that changes its kind would be thrown away with what was typed on it.
    const [Shown] = useState(() => here ?? Later);
    return <Shown {...props} />;
  }
  return { Page, read };
}

/** Browsers without it (Safari) get the next task. */
const nextQuiet = (): Promise<void> =>
  new Promise((go) => {
    const ask = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined;
    if (ask === undefined) setTimeout(go);
    else ask(() => go());
  });

/** Reads them one after another, each when nothing else is to do. What fails is read again when it is opened. */
export async function readAhead(
  parts: readonly Pick<DeskPart<object>, 'read'>[],
  isWanted: () => boolean,
): Promise<void> {
  for (const { read } of parts) {
    await nextQuiet();
    if (!isWanted()) return;
    await read().catch(() => undefined);
  }
}

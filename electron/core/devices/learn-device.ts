import { Learner, type LearnProgress } from '../../../drivers/learner.ts';
import { decodeProfiles } from '../../../drivers/profiles/decode.ts';
import { serialProfiles } from '../../../drivers/profiles/serial.ts';
import type { LineOptions } from '../../../drivers/types.ts';
import { DeviceProfile, LEARN_MS, type Learned, type LearnedSetting } from '../../contract/devices.ts';
import type { Lent, Rack } from './rack.ts';
import { createSteps } from './steps.ts';
import type { Transports } from './seen-devices.ts';

interface LearnParts {
  readonly rack: Rack;
  readonly transports: Transports;
  readonly onLearned: (learned: Learned) => void;
}

interface Lesson {
  readonly lent: Lent;
  readonly learner: Learner;
  readonly timer: NodeJS.Timeout;
}

const SIGNS: Readonly<Record<string, string>> = {
  '\u0002': '<STX>',
  '\u0003': '<ETX>',
  '\t': '<TAB>',
  '\n': '<LF>',
  '\r': '<CR>',
  '\u001d': '<GS>',
};
const toNamedSign = (sign: string): string =>
  SIGNS[sign] ?? `<${sign.charCodeAt(0).toString(16).padStart(2, '0')}>`;
/** A setting to read: no sign in it that a screen can not show. */
const toShown = (text: string): string => text.replace(/[^\x20-\x7e]/g, toNamedSign);

const lineOf = ({ setting }: Lent): LineOptions => {
  const profile = setting === null ? undefined : decodeProfiles[setting.profile];
  const own = profile !== undefined && 'line' in profile ? profile.line : serialProfiles.auto.line;
  return setting?.line ?? own;
};

function toLearned(deviceId: string, progress: LearnProgress): Learned {
  const { state, goodCount, line, found } = progress;
  const setting: LearnedSetting | null =
    found === null
      ? null
      : {
          prefix: toShown(found.prefix),
          suffix: toShown(found.suffix),
          identifiers: found.identifiers,
          layout: found.layout,
          line,
          profile: DeviceProfile.safeParse(found.profile).data ?? null,
        };
  return { deviceId, state, goodCount, line, found: setting };
}

/** The doctor's lesson with one device at a time; the till does not hear that device meanwhile. */
export function createLearning({ rack, transports, onLearned }: LearnParts) {
  let lesson: Lesson | null = null;
  // Who stops while a device is still being lent stops that lesson.
  const queued = createSteps();

  const stop = async (): Promise<void> => {
    const ending = lesson;
    lesson = null;
    if (ending === null) return;
    clearTimeout(ending.timer);
    await ending.learner.stop();
    await rack.giveBack(ending.lent);
  };
  const fail = (deviceId: string): void =>
    onLearned(toLearned(deviceId, { state: 'failed', goodCount: 0, line: null, found: null }));

  const start = async (deviceId: string, text: string): Promise<boolean> => {
    await stop();
    const lent = await rack.lend(deviceId);
    if (lent === null || (lent.kind !== 'serial' && lent.kind !== 'hid-pos')) return false;
    const { kind, path } = lent;
    const learner = new Learner({
      transport: transports[kind === 'serial' ? 'serial' : 'hid'],
      ...{ path, kind, text, line: lineOf(lent) },
      onProgress: (progress) => {
        onLearned(toLearned(deviceId, progress));
        if (progress.state === 'done' || progress.state === 'failed')
          void queued(stop).catch(() => undefined);
      },
    });
    const timer = setTimeout(() => {
      fail(deviceId);
      void queued(stop).catch(() => undefined);
    }, LEARN_MS);
    lesson = { lent, learner, timer };
    try {
      await learner.start();
      return true;
    } catch {
      await stop();
      return false;
    }
  };
  return {
    stop: () => queued(stop),
    /** False: it is not there, does not open, or is no scanner. */
    start: (deviceId: string, text: string) => queued(() => start(deviceId, text)),
  };
}

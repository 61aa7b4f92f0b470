/** Two tones and no more. Each has a visible twin on the screen, so a silent till loses nothing. */
export interface Sounds {
  good(): void;
  bad(): void;
  setOn(isOn: boolean): void;
}

const VOLUME = 0.12;
const GOOD = [
  { hertz: 880, startS: 0, lengthS: 0.07 },
  { hertz: 1318, startS: 0.07, lengthS: 0.1 },
];
const BAD = [{ hertz: 196, startS: 0, lengthS: 0.22 }];

export function createSounds(): Sounds {
  let isOn = true;
  let context: AudioContext | undefined;

  const play = (tones: typeof GOOD): void => {
    if (!isOn || typeof AudioContext === 'undefined') return;
    // Made at the first tone: a context of a page that nobody has touched yet starts suspended.
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
    for (const { hertz, startS, lengthS } of tones) {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      const startAt = context.currentTime + startS;
      oscillator.frequency.value = hertz;
      gain.gain.setValueAtTime(VOLUME, startAt);
      gain.gain.exponentialRampToValueAtTime(0.0001, startAt + lengthS);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(startAt);
      oscillator.stop(startAt + lengthS);
    }
  };

  return {
    good: () => play(GOOD),
    bad: () => play(BAD),
    setOn: (next) => {
      isOn = next;
    },
  };
}

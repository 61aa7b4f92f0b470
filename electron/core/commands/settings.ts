import type { Handler } from '../ctx.ts';

export const setPreferences: Handler<'preferences.set'> = (ctx, change) => {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const preferences = { ...ctx.settings.preferences(), ...given };
  ctx.settings.setPreferences(preferences);
  return preferences;
};

export const resolveScannedText: Handler<'scans.resolve'> = (ctx, { text, kind, facts }) => {
  ctx.scans.takeRaw('wedge', { text, kind, facts });
  return {};
};

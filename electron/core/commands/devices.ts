import { isAtLeast } from '../../../sync/merge/roles.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import { actor } from './shared.ts';

/**
 * A cashier looks, says which of several is hers, and tries the tones. How a device is read decides what every scan of
 * this till means: that takes a supervisor.
 *
 * @throws AppError `not_allowed`
 */
function assertMayChange(ctx: Ctx): void {
  if (isAtLeast(roleNow(ctx.directory, actor(ctx)), 'supervisor')) return;
  throw new AppError('not_allowed', 'Changing a scanner needs a supervisor. Nothing was changed.');
}

export const assignDevice: Handler<'devices.assign'> = (ctx, input) => {
  assertMayChange(ctx);
  return ctx.devices.rack.assign(input);
};

export const forgetDevice: Handler<'devices.forget'> = (ctx, { deviceId }) => {
  assertMayChange(ctx);
  return ctx.devices.rack.forget(deviceId);
};

export const setScanner: Handler<'scanner.set'> = (ctx, setting) => {
  assertMayChange(ctx);
  return ctx.devices.rack.setPort(setting);
};

export const identifyDevices: Handler<'devices.identify'> = (ctx) => ctx.devices.identify();

export const soundDevice: Handler<'devices.tone'> = async (ctx, { deviceId, tone }) => ({
  isAsked: await ctx.devices.rack.sound(deviceId, tone),
});

export const startLearning: Handler<'devices.learn.start'> = async (ctx, { deviceId, text }) => {
  assertMayChange(ctx);
  return { isStarted: await ctx.devices.learn(deviceId, text) };
};

export const stopLearning: Handler<'devices.learn.stop'> = async (ctx) => {
  await ctx.devices.stopLearning();
  return {};
};

export const setScanRules: Handler<'devices.setRules'> = (ctx, rules) => {
  assertMayChange(ctx);
  return ctx.devices.setRules(rules);
};

import type { Handler } from '../ctx.ts';

export const assignDevice: Handler<'devices.assign'> = (ctx, input) => ctx.devices.rack.assign(input);

export const forgetDevice: Handler<'devices.forget'> = (ctx, { deviceId }) =>
  ctx.devices.rack.forget(deviceId);

export const identifyDevices: Handler<'devices.identify'> = (ctx) => ctx.devices.identify();

export const soundDevice: Handler<'devices.tone'> = async (ctx, { deviceId, tone }) => ({
  isAsked: await ctx.devices.rack.sound(deviceId, tone),
});

export const startLearning: Handler<'devices.learn.start'> = async (ctx, { deviceId, text }) => ({
  isStarted: await ctx.devices.learn(deviceId, text),
});

export const stopLearning: Handler<'devices.learn.stop'> = async (ctx) => {
  await ctx.devices.stopLearning();
  return {};
};

export const setScanRules: Handler<'devices.setRules'> = (ctx, rules) => ctx.devices.setRules(rules);

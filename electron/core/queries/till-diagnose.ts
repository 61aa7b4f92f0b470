import type { Handler } from '../ctx.ts';

/** For support: versions, files, pragmas in force, device and sync state. Nothing of a member, no secret. */
export const diagnoseTill: Handler<'till.diagnose'> = async (ctx) => {
  const enrolment = ctx.settings.enrolment();
  return {
    version: ctx.version,
    node: process.versions.node,
    napi: process.versions['napi'],
    platform: `${process.platform} ${process.arch}`,
    dataDir: ctx.dataDir,
    tillId: enrolment?.tillId ?? null,
    storeId: enrolment?.storeId ?? null,
    kind: enrolment?.kind ?? 'till',
    serverUrl: enrolment?.serverUrl ?? null,
    files: { till: ctx.till.facts(), replica: ctx.replica().facts() },
    counts: ctx.replica().counts(),
    ops: ctx.till.ops.counts(),
    cardStock: ctx.till.stock.countFree(),
    isUpdateNeeded: ctx.isUpdateNeeded(),
    disk: ctx.disk.room(),
    sync: ctx.sync.status(),
    scanner: ctx.devices.rack.portView(),
    devices: await ctx.devices.diagnose(),
  };
};

import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Of a process of this machine: the most memory it ever had in use, and the processor time so far. */
export function readProcess(pid: number): { peakMb: number; cpuS: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const peakKb = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN);
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { peakMb: peakKb / 1_024, cpuS: ticks / TICKS_PER_SECOND };
}

/** Processor seconds so far of all of them; one that has ended meanwhile counts nothing. */
export function readCpuS(pids: readonly number[]): number {
  const of = (pid: number): number => {
    try {
      return readProcess(pid).cpuS;
    } catch {
      return 0;
    }
  };
  return pids.reduce((sum, pid) => sum + of(pid), 0);
}

const NS_PER_MS = 1e6;

/** Milliseconds of the processor so far of a process and of all that it started, threads that ended left out. */
export function treeCpuMs(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.reduce((sum, task) => sum + taskCpuMs(`/proc/${pid}/task/${task}`), 0);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

function taskCpuMs(folder: string): number {
  const [ranNs = '0'] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ');
  const children = readFileSync(`${folder}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + treeCpuMs(Number(child)), Number(ranNs) / NS_PER_MS);
}

/** Memory of a process, as Linux tells it. */
import { readFileSync } from 'node:fs';

/** The most memory that a process has had so far, or undefined where the system does not tell. */
export function peakMegabytes(pid: number): number | undefined {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peak === undefined ? undefined : Number(peak) / 1024;
  } catch {
    return undefined;
  }
}

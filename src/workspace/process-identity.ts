import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from '../base/failures/runs.ts';

/** Names one process among all that may ever meet in a folder. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, as the system tells it: a later process with the same number differs. */
  readonly started: string;
  /** Within one host, process numbers can be asked for. Containers are hosts of their own. */
  readonly host: string;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const space = await readlink('/proc/self/ns/pid').catch(() => '');
  const status = await linuxStatus(process.pid);
  // Without /proc the start is known to the process itself only, which still tells it from its predecessors.
  const started = status?.started ?? String(performance.timeOrigin);
  return { pid: process.pid, started, host: `${hostname()}${space}` };
}

/** Whether a process of this host is still the one named. A zombie is not: it can do nothing any more. */
export async function isAlive(other: ProcessIdentity, own: ProcessIdentity): Promise<boolean> {
  if (other.pid === own.pid) return other.started === own.started;
  if (!answers(other.pid)) return false;
  const status = await linuxStatus(other.pid);
  if (status) return status.started === other.started && !status.ended;
  return true;
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return codeOf(thrown) === 'EPERM';
  }
}

/** State and start of a process by /proc (Linux); the boot is part of the start, since ticks count from it. */
async function linuxStatus(pid: number): Promise<{ started: string; ended: boolean } | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, so the fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { started: `${boot}/${fields[19]}`, ended: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}

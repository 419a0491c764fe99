import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A clock tick of /proc: USER_HZ is 100 on every Linux that Node runs on. */
const tickMs = 10;

/** The CPU time that these processes have used so far; 0 where there is no /proc, and for those that have ended. */
export function cpuMsOf(processes: Iterable<ChildProcess | undefined>): number {
  let sum = 0;
  for (const one of processes) sum += one?.pid === undefined ? 0 : cpuMs(one.pid);
  return sum;
}

function cpuMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold blanks: proc_pid_stat(5) counts on from its closing parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return 0;
  }
}

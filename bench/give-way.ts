import { existsSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Has a process that leads a session of its own compute when nobody else wants the core: what stands for another machine
 * takes nothing of this one. Linux shares cores between sessions before it shares them within one (sched(7), autogroup).
 */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  setPriority(pid, constants.priority.PRIORITY_LOW);
  const session = `/proc/${pid}/autogroup`;
  if (existsSync(session)) writeFileSync(session, String(constants.priority.PRIORITY_LOW));
}

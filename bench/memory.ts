import { readFileSync } from 'node:fs';

const KIB_IN_MIB = 1024;

/** A field of a file of /proc as "Rss:   1234 kB", in MiB. Throws when it is not there. */
export function mebibytesOf(text: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`There is no field "${field}" in kB.`);
  return Number(found) / KIB_IN_MIB;
}

/** Resident set of a process, its threads included, now and at its largest, in MiB; null where there is no Linux /proc. */
export function residentSet(pid: number): { readonly now: number; readonly peak: number } | null {
  if (process.platform !== 'linux') return null;
  return {
    now: mebibytesOf(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Rss'),
    peak: mebibytesOf(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmHWM'),
  };
}

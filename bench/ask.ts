import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

export type Probe<Answer> = {
  /** What a program needs to run with the probe in it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asks the process; rejects when it does not answer within so many ms. */
  readonly ask: (pid: number, patience: number) => Promise<Answer>;
};

/** Between two looks for the answer, ms. */
const LOOK = 2;

/**
 * A script that is loaded into a program (`--import`) and is asked by SIGUSR2: it writes its answer, with how often it was
 * asked as `asked`, to the file named by BENCH_PROBE, which lies in the folder.
 */
export function probeIn<Answer>(folder: string, script: string): Probe<Answer> {
  const file = join(folder, 'probe');
  let asked = 0;
  return {
    environment: {
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, script)).href}`,
      BENCH_PROBE: file,
    },
    async ask(pid, patience) {
      asked += 1;
      process.kill(pid, 'SIGUSR2');
      const askedAt = performance.now();
      while (performance.now() - askedAt < patience) {
        await pause(LOOK);
        if (!existsSync(file)) continue;
        const told = JSON.parse(readFileSync(file, 'utf8')) as Answer & { readonly asked: number };
        if (told.asked === asked) return told;
      }
      throw new Error(`The probe in process ${pid} did not answer within ${patience} ms.`);
    },
  };
}

import { onTestFinished } from 'vitest';
import { openPty, type PtyOptions } from './pty.ts';

/** The built console in a real pty, for one test: it ends with it. */
export function startProgram(args: readonly string[], options: PtyOptions = {}) {
  const program = openPty(args, options);
  onTestFinished(() => {
    try {
      program.kill('SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  });
  return program;
}

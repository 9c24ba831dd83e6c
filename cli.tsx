import { keepCompiledCode } from './source/configuration/compiled-code.ts';

/** Written in by the build. */
declare const __VERSION__: string;

const interruption = new AbortController();

/** Signals that come together are one, in ms: a terminal sends it to all, and npm passes it on besides. */
const TOGETHER = 1_000;
let first: number | null = null;

/** The first time lets the command put things in order; who insists ends it at once. */
function interrupt(): void {
  first ??= performance.now();
  if (interruption.signal.aborted && performance.now() - first > TOGETHER) process.exit(130);
  interruption.abort();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

keepCompiledCode(process.env);
// Only what is loaded from here on is kept compiled.
const { run } = await import('./source/commands/run.ts');

const { stdin, stdout, stderr } = process;
process.exit(
  await run(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    terminal: stdin.isTTY && stdout.isTTY ? { stdin, stdout, stderr } : null,
    environment: process.env,
    now: Date.now,
    version: __VERSION__,
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    interrupted: interruption.signal,
  }),
);

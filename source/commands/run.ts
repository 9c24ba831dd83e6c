import { visible } from '../text/visible.ts';
import { boundedSignal, boundOf } from './bound.ts';
import type { Surroundings } from './command.ts';
import { exitCode, exitOf, isForeseen } from './exit.ts';
import { commandHelp, PROGRAM } from './help.ts';
import { ReaderGoneError, write } from './output.ts';
import { parse } from './parse.ts';
import type { Parsed } from './parse.ts';

/** How long a command that was stopped may take to put things in order, in ms. */
const TIDYING = 3_000;

const stopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const later = () => setTimeout(() => reject(signal.reason as Error), TIDYING).unref();
    if (signal.aborted) later();
    else signal.addEventListener('abort', later, { once: true });
  });

async function runParsed({ command, arguments: given, flags }: Parsed, surroundings: Surroundings): Promise<number> {
  const { signal, release } = boundedSignal(surroundings.interrupted, boundOf(flags.timeout, command.seconds));
  try {
    const run = await command.load();
    return await Promise.race([run({ arguments: given, flags, surroundings, signal }), stopped(signal)]);
  } finally {
    release();
  }
}

/**
 * What an error says to the operator: its sentence, or for one that nobody foresaw, that it is a defect. A message may
 * come from a server: only the stack is broken into lines.
 */
function sentenceOf(error: unknown, verbose: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = isForeseen(error) ? message : `This is a defect of ${PROGRAM}: ${message}`;
  const hint = isForeseen(error) || verbose ? '' : ' (--verbose shows where)';
  const stack = verbose && error instanceof Error ? stackOf(error) : [];
  return [`${sentence}${hint}`, ...stack].map((line) => `${visible(line)}\n`).join('');
}

/** The stack of an error and of its causes in lines; the message that it begins with is one of them. */
function stackOf({ stack = '', message, cause }: Error): string[] {
  const end = stack.indexOf(message) + message.length;
  const [rest = '', ...frames] = stack.slice(end).split('\n');
  const causes = cause instanceof Error ? stackOf(cause) : [];
  const [first = '', ...others] = causes;
  return [stack.slice(0, end) + rest, ...frames, ...(causes.length > 0 ? [`caused by: ${first}`, ...others] : [])];
}

/**
 * Runs one command line and resolves to its exit code, everything printed. Never rejects: an error becomes one sentence
 * on stderr and the code that it stands for. A reader that goes away early (`| head`) ends the command quietly.
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, version } = surroundings;
  // Failed writes are told to whoever writes; without a listener they would also end the process.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  try {
    const parsed = parse(argv);
    if (parsed.flags.version) await write(stdout, `${PROGRAM} ${version}\n`);
    else if (parsed.flags.help) await write(stdout, commandHelp(parsed.command));
    else return await runParsed(parsed, surroundings);
    return exitCode('done');
  } catch (error) {
    if (error instanceof ReaderGoneError) return exitCode('done');
    const told = write(stderr, sentenceOf(error, argv.includes('--verbose')));
    await told.catch(() => undefined); // Nobody reads stderr: the exit code is all that is left to give.
    return exitCode(exitOf(error));
  }
}

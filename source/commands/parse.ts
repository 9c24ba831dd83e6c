import meow from 'meow';
import { COMMANDS, CONSOLE, commandNamed } from './commands.ts';
import type { Command } from './command.ts';
import { UsageError } from './exit.ts';
import { COMMON_FLAGS, FLAGS, flagOf } from './flags.ts';
import type { FlagName, Flags } from './flags.ts';
import { didYouMean } from './nearest.ts';

export type Parsed = { readonly command: Command; readonly arguments: readonly string[]; readonly flags: Flags };

const PROGRAM = 'metalk8s-console';
const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];
const isNumber = (word: string): boolean => /^-\d/.test(word);
const camelCase = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The parser would read `--no-x` as x = false, which is another flag here. */
const forParser = (word: string): string => word.replace(/^--no-/, '--without-');
const parserKey = (name: FlagName): string => camelCase(forParser(`--${name}`).slice(2));

function flagNamed(word: string): FlagName | undefined {
  if (word.startsWith('--')) return FLAG_NAMES.find((name) => name === word.slice(2));
  return FLAG_NAMES.find((name) => flagOf(name).short === word.slice(1));
}

/** `-ojson` is `-o json`, as kubectl has it. */
function splitShort(word: string): string[] {
  const name = /^-[a-z][^=]/i.test(word) ? flagNamed(word.slice(0, 2)) : undefined;
  return name === undefined || flagOf(name).value === undefined ? [word] : [word.slice(0, 2), word.slice(2)];
}

/** Whether a flag takes the next word for its value. */
const takesNext = (word = ''): boolean => {
  const name = word.startsWith('-') && !word.includes('=') ? flagNamed(word) : undefined;
  return name !== undefined && flagOf(name).value !== undefined;
};

/** The arguments with a dash that the command on the line takes, by what stands where a command can stand. */
function dashedOf(words: readonly string[]): readonly string[] {
  const name = words.find((word, place) => !word.startsWith('-') && !takesNext(words[place - 1]));
  return name === undefined ? [] : (commandNamed(name)?.dashed ?? []);
}

/** Refuses flags that do not exist and values that a flag does not take; a value given to no purpose is a misunderstanding. */
function checkFlag(word: string, dashed: readonly string[]): void {
  const [given = word] = word.split('=', 1);
  const name = flagNamed(given);
  if (dashed.includes(given))
    throw new UsageError(
      `"${word}" is no argument there; write ${given} alone, and not after a flag that needs a value.`,
    );
  if (name === undefined) {
    const suggestion = didYouMean(given, [...FLAG_NAMES.map((name) => `--${name}`), ...dashed]);
    throw new UsageError(`There is no flag ${given}${suggestion ?? `; see "${PROGRAM} --help".`}`);
  }
  if (flagOf(name).value === undefined && given !== word)
    throw new UsageError(`The flag --${name} takes no value; write it alone.`);
}

function meowFlags() {
  const known = FLAG_NAMES.map((name) => {
    const { value, short, many } = flagOf(name);
    return [
      parserKey(name),
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short !== undefined && { shortFlag: short }),
        ...(many && { isMultiple: true as const }),
      },
    ] as const;
  });
  return Object.fromEntries(known);
}

/** Divides words into arguments and raw values of flags. */
function divide(words: readonly string[]): { input: string[]; values: Readonly<Record<string, unknown>> } {
  try {
    const { input, flags } = meow({
      importMeta: import.meta,
      argv: words,
      flags: meowFlags(),
      pkg: {},
      autoHelp: false,
      autoVersion: false,
      booleanDefault: undefined,
      description: false,
    });
    return { input, values: flags };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The value given to a flag, checked; undefined when the flag was not given. */
function flagValue(name: FlagName, raw: unknown): true | string | readonly string[] | undefined {
  const { value: takes, among, many } = flagOf(name);
  if (raw === undefined) return undefined;
  if (takes === undefined) return true;
  const given = [raw].flat().map(String);
  if (given.includes('')) throw new UsageError(`The flag --${name} needs a value: --${name} ${takes}.`);
  const unknown = among && given.find((value) => !among.includes(value));
  if (unknown !== undefined)
    throw new UsageError(`--${name} ${unknown} is not known; say one of ${among?.join(', ') ?? ''}.`);
  return many && given.length > 0 ? given : given[0];
}

function readFlags(words: readonly string[]): { input: string[]; flags: Flags } {
  const { input, values } = divide(words);
  const given = FLAG_NAMES.map((name) => [name, flagValue(name, values[parserKey(name)])] as const);
  return { input, flags: Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

function commandOf(word: string | undefined): Command {
  if (word === undefined) return CONSOLE;
  const command = commandNamed(word);
  if (command !== undefined) return command;
  const names = COMMANDS.map(({ name }) => name);
  throw new UsageError(
    `There is no command "${word}"${didYouMean(word, names) ?? `; the commands are ${names.join(', ')}.`}`,
  );
}

const owners = (flag: FlagName): string =>
  COMMANDS.filter((command) => command.flags.includes(flag))
    .map(({ name }) => name)
    .join(', ');

/** Checks what was given against what the command takes. */
function checkCommand(command: Command, given: readonly string[], flags: Flags): void {
  const taken: readonly FlagName[] = [...COMMON_FLAGS, ...command.flags];
  const title = command.name === '' ? 'The console' : `"${command.name}"`;
  for (const flag of Object.keys(flags) as FlagName[])
    if (!taken.includes(flag)) throw new UsageError(`${title} has no flag --${flag}; it belongs to ${owners(flag)}.`);
  if (flags.help) return;
  const usage = `${PROGRAM} ${command.name} ${command.arguments}`.trimEnd();
  if (given.length < command.count.least) throw new UsageError(`${title} needs more: ${usage}.`);
  const extra = given[command.count.most];
  if (extra !== undefined) throw new UsageError(`${title} takes no argument "${extra}": ${usage}.`);
}

/**
 * Reads a command line. Throws a UsageError that names what is wrong and, where there is one, the nearest right word.
 * Flags may stand anywhere; what follows `--` is never a flag, and neither are the dashed arguments of a command, which
 * come after its others.
 */
export function parse(argv: readonly string[]): Parsed {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const given = argv.slice(0, end).flatMap(splitShort);
  const dashed = dashedOf(given);
  const isDashed = (word: string, place: number) => dashed.includes(word) && !takesNext(given[place - 1]);
  const words = given.filter((word, place) => !isDashed(word, place));
  for (const word of words) if (word.startsWith('-') && word !== '-' && !isNumber(word)) checkFlag(word, dashed);
  const rest = [...given.filter(isDashed), ...argv.slice(end + 1)];
  // A flag that still waits for its value would take the separator for it.
  const apart = rest.length === 0 || takesNext(words.at(-1)) ? [] : ['--', ...rest];
  const { input, flags } = readFlags([...words.map(forParser), ...apart]);
  const command = commandOf(input[0]);
  const taken = input.slice(1);
  checkCommand(command, taken, flags);
  return { command, arguments: taken, flags };
}

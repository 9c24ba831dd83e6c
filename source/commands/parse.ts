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
const headOf = (word: string): string => word.split('=', 1)[0] ?? word;
/** A number below zero is none. */
const isFlag = (word: string): boolean => word.startsWith('-') && word !== '-' && !/^-\d/.test(word);
const isValue = (word = ''): boolean => /^([^-]|-\d+(\.\d+)?$)/.test(word);

function flagNamed(word: string): FlagName | undefined {
  if (word.startsWith('--')) return FLAG_NAMES.find((name) => name === word.slice(2));
  return FLAG_NAMES.find((name) => flagOf(name).short === word.slice(1));
}

/** Whether a flag takes the next word for its value. */
const takesNext = (word = ''): boolean => {
  const name = word.startsWith('-') && !word.includes('=') ? flagNamed(word) : undefined;
  return name !== undefined && flagOf(name).value !== undefined;
};

/**
 * `-ojson`, `-o=json` and `--output=json` are `-o json`, as kubectl has it: after `=` the parser would strip quotes. A
 * value with a dash stays with its flag.
 */
function splitValue(word: string): string[] {
  const flag = /^-[a-z][^=]/i.test(word) ? word.slice(0, 2) : headOf(word);
  if (flag === word || !takesNext(flag)) return [word];
  const value = word.slice(flag.length).replace(/^=/, '');
  return value.startsWith('-') ? [`${flag}=${value}`] : [flag, value];
}

/** The arguments with a dash that the command on the line takes, by what stands where a command can stand. */
function dashedOf(words: readonly string[]): readonly string[] {
  const name = words.find((word, place) => !word.startsWith('-') && !takesNext(words[place - 1]));
  return name === undefined ? [] : (commandNamed(name)?.dashed ?? []);
}

/** Refuses flags that do not exist and values that a flag does not take; a value given to no purpose is a misunderstanding. */
function checkFlag(word: string, dashed: readonly string[]): void {
  const given = headOf(word);
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

/** Refuses a flag whose value is missing: the parser would take it for empty, or leave it out. */
function checkNext(word: string, next: string | undefined): void {
  const name = flagNamed(word);
  if (name !== undefined && takesNext(word) && !isValue(next))
    throw new UsageError(`The flag --${name} needs a value: --${name} ${flagOf(name).value ?? ''}.`);
}

/** The parser takes no dash in a name, and would read `--no-x` as x = false, which is another flag here. */
const parserKey = (name: string): string => name.replaceAll('-', '');
const forParser = (word: string): string => word.replace(/^--([^=]+)/, (_, name: string) => `--${parserKey(name)}`);

function forMeow(name: FlagName) {
  const { value, short, many = false } = flagOf(name);
  const type = value === undefined ? ('boolean' as const) : ('string' as const);
  return { type, isMultiple: many, ...(short !== undefined && { shortFlag: short }) };
}

/** The flags that a command line names, and its arguments. */
function read(words: readonly string[], input: readonly string[]): { input: readonly string[]; flags: Flags } {
  // Each flag that the parser is told of takes its time, and there are many.
  const names = FLAG_NAMES.filter((name) => words.some((word) => isFlag(word) && flagNamed(headOf(word)) === name));
  try {
    const { input: taken, flags } = meow({
      importMeta: import.meta,
      argv: [...words.map(forParser), '--', ...input],
      flags: Object.fromEntries(names.map((name) => [parserKey(name), forMeow(name)])),
      pkg: { name: PROGRAM }, // What a list of processes shows.
      autoHelp: false,
      autoVersion: false,
      booleanDefault: undefined,
      description: false,
    });
    return { input: taken, flags: Object.fromEntries(names.map((name) => [name, flags[parserKey(name)]])) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Refuses what is not among the values of a flag. */
function checkValue(name: FlagName, given: unknown): void {
  const { among } = flagOf(name);
  const values = [given].flat().map(String);
  const unknown = among && values.find((value) => !among.includes(value));
  if (unknown !== undefined)
    throw new UsageError(`--${name} ${unknown} is not known; say one of ${among?.join(', ') ?? ''}.`);
}

/** The command that the words begin with, which may have a name of two, and what follows it. */
function commandOf(words: readonly string[]): { readonly command: Command; readonly taken: readonly string[] } {
  const [word, next] = words;
  if (word === undefined) return { command: CONSOLE, taken: [] };
  const pair = next === undefined ? undefined : commandNamed(`${word} ${next}`);
  if (pair !== undefined) return { command: pair, taken: words.slice(2) };
  const command = commandNamed(word);
  if (command !== undefined) return { command, taken: words.slice(1) };
  const names = COMMANDS.map(({ name }) => name);
  throw new UsageError(
    `There is no command "${word}"${didYouMean(word, names) ?? `; the commands are ${names.join(', ')}.`}`,
  );
}

const owners = (flag: FlagName): string =>
  COMMANDS.filter((command) => command.flags.includes(flag))
    .map(({ name }) => name)
    .join(', ');

/** The command of two words that was perhaps meant, or those that there are. */
function nearby({ name }: Command, word: string): string | null {
  const pairs = COMMANDS.map((command) => command.name).filter((other) => other.startsWith(`${name} `));
  if (pairs.length === 0) return null;
  return didYouMean(`${name} ${word}`, pairs) ?? `; the commands are ${[name, ...pairs].join(', ')}.`;
}

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
  if (extra !== undefined)
    throw new UsageError(`${title} takes no argument "${extra}"${nearby(command, extra) ?? `: ${usage}.`}`);
}

/**
 * Reads a command line. Throws a UsageError that names what is wrong and, where there is one, the nearest right word.
 * Flags may stand anywhere; what follows `--` is never a flag, and neither are the dashed arguments of a command, which
 * come after its others.
 */
export function parse(argv: readonly string[]): Parsed {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const words = argv.slice(0, end).flatMap(splitValue);
  const dashed = dashedOf(words);
  const isDashed = (word: string, place: number) => dashed.includes(word) && !takesNext(words[place - 1]);
  const isPlain = (word: string, place: number) => !isFlag(word) && !takesNext(words[place - 1]);
  const isOfFlags = (word: string, place: number) => !isDashed(word, place) && !isPlain(word, place);
  for (const [place, word] of words.entries()) if (isFlag(word) && !isDashed(word, place)) checkFlag(word, dashed);
  for (const [place, word] of words.entries()) checkNext(word, words[place + 1]);
  const { input, flags } = read(words.filter(isOfFlags), [
    ...words.filter(isPlain),
    ...words.filter(isDashed),
    ...argv.slice(end + 1),
  ]);
  for (const [name, value] of Object.entries(flags)) checkValue(name as FlagName, value);
  const { command, taken } = commandOf(input);
  checkCommand(command, taken, flags);
  return { command, arguments: taken, flags };
}

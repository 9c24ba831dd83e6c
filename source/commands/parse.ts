import { COMMANDS, CONSOLE, commandNamed } from './commands.ts';
import type { Command } from './command.ts';
import { UsageError } from './exit.ts';
import { COMMON_FLAGS, FLAGS, flagOf } from './flags.ts';
import type { FlagName, Flags } from './flags.ts';
import { didYouMean } from './nearest.ts';

export type Parsed = { readonly command: Command; readonly arguments: readonly string[]; readonly flags: Flags };

const PROGRAM = 'metalk8s-console';
const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];
/** A number below zero is none. */
const isFlag = (word: string): boolean => word.startsWith('-') && word !== '-' && !/^-\d/.test(word);

function flagNamed(word: string): FlagName | undefined {
  if (word.startsWith('--')) return FLAG_NAMES.find((name) => name === word.slice(2));
  return FLAG_NAMES.find((name) => flagOf(name).short === word.slice(1));
}

/** `-ojson` is `-o=json`, as kubectl has it. */
function withEquals(word: string): string {
  const name = /^-[a-z][^=]/i.test(word) ? flagNamed(word.slice(0, 2)) : undefined;
  return name === undefined || flagOf(name).value === undefined ? word : `${word.slice(0, 2)}=${word.slice(2)}`;
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

type Given = ReadonlyMap<FlagName, readonly string[]>;

/** Divides words into arguments and flags, each with all values that it was given; a value that is missing is empty. */
function divide(words: readonly string[]): { input: readonly string[]; given: Given } {
  const input: string[] = [];
  const given = new Map<FlagName, string[]>();
  let waiting: string[] | null = null;
  for (const word of words) {
    const [head = word] = word.split('=', 1);
    const name = isFlag(word) ? flagNamed(head) : undefined;
    if (name === undefined) {
      if (waiting === null) input.push(word);
      else waiting[waiting.length - 1] = word;
      waiting = null;
      continue;
    }
    const values = given.get(name) ?? [];
    values.push(word.slice(head.length + 1));
    given.set(name, values);
    waiting = takesNext(word) ? values : null;
  }
  return { input, given };
}

/** The value given to a flag, checked. */
function flagValue(name: FlagName, values: readonly string[]): true | string | readonly string[] {
  const { value: takes, among, many } = flagOf(name);
  if (takes === undefined) return true;
  const [first = '', ...others] = values;
  if (!many && others.length > 0) throw new UsageError(`The flag --${name} can only be set once.`);
  if (values.includes('')) throw new UsageError(`The flag --${name} needs a value: --${name} ${takes}.`);
  const unknown = among && values.find((value) => !among.includes(value));
  if (unknown !== undefined)
    throw new UsageError(`--${name} ${unknown} is not known; say one of ${among?.join(', ') ?? ''}.`);
  return many ? values : first;
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
  const before = argv.slice(0, end).map(withEquals);
  const dashed = dashedOf(before);
  const isDashed = (word: string, place: number) => dashed.includes(word) && !takesNext(before[place - 1]);
  const words = before.filter((word, place) => !isDashed(word, place));
  for (const word of words) if (isFlag(word)) checkFlag(word, dashed);
  const { input, given } = divide(words);
  const flags: Flags = Object.fromEntries([...given].map(([name, values]) => [name, flagValue(name, values)]));
  const [first, ...taken] = [...input, ...before.filter(isDashed), ...argv.slice(end + 1)];
  const command = commandOf(first);
  checkCommand(command, taken, flags);
  return { command, arguments: taken, flags };
}

import type { Readable, Writable } from 'node:stream';
import type { Flags, FlagName } from './flags.ts';

/** What a command reaches of the process it runs in; tests give their own. */
export type Surroundings = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** The terminal that a full screen can have; null when input or output is none. */
  readonly terminal: {
    readonly stdin: NodeJS.ReadStream;
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
  } | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly version: string;
  /** How this program is started again, as executable and first arguments. */
  readonly program: readonly [string, ...string[]];
  /** Aborted when the operator interrupts. */
  readonly interrupted: AbortSignal;
};

/** One command of the command line as it was typed. */
export type Call = {
  readonly arguments: readonly string[];
  readonly flags: Flags;
  readonly surroundings: Surroundings;
  /** Aborted when the operator interrupts or `--timeout` has passed; its reason is the error to end with. */
  readonly signal: AbortSignal;
};

/** Does what a command is for and resolves to the exit code. Rejects with an error that `exitOf` knows. */
export type Run = (call: Call) => Promise<number>;

export type Example = { readonly line: string; readonly says: string };

/** A row of the table of commands, from which parsing, help and the documentation are made. */
export type Command = {
  readonly name: string;
  /** As help writes them after the name; empty when there are none. */
  readonly arguments: string;
  /** How many arguments there may be. */
  readonly count: { readonly least: number; readonly most: number };
  /** Arguments that begin with a dash as flags do; everywhere else such a word is a flag or an error. */
  readonly dashed?: readonly string[];
  readonly help: string;
  /** What else one should know, a paragraph a string. */
  readonly about: readonly string[];
  readonly examples: readonly Example[];
  /** Flags besides those of every command. */
  readonly flags: readonly FlagName[];
  /** Bound on the whole command when `--timeout` is not given, in seconds; null for none. */
  readonly seconds: number | null;
  /** Brings the code of the command; nothing heavy is loaded before. */
  readonly load: () => Promise<Run>;
};

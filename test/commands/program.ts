import { PassThrough } from 'node:stream';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { run } from '../../source/commands/run.ts';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** What a run may be given besides its command line. */
export type Given = {
  readonly environment?: Readonly<Record<string, string>>;
  /** Typed on a terminal; without, standard input is no terminal. */
  readonly typed?: string;
  readonly interrupted?: AbortSignal;
  readonly program?: readonly [string, ...string[]];
};

function collected(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  let all = '';
  stream.setEncoding('utf8').on('data', (text: string) => (all += text));
  return { stream, text: () => all };
}

/** Runs one command line in this process, as the program would. */
export async function runProgram(argv: readonly string[], given: Given = {}): Promise<Ended> {
  const stdin = new PassThrough();
  if (given.typed === undefined) stdin.end();
  else Object.assign(stdin, { isTTY: true }).write(given.typed);
  const stdout = collected();
  const stderr = collected();
  const code = await run(argv, {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    terminal: null,
    environment: given.environment ?? {},
    now: Date.now,
    version: '0.0.0-test',
    program: given.program ?? ['no-such-program'],
    interrupted: given.interrupted ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const ajv = new Ajv2020({ allErrors: true });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

const validators = new Map<string, ValidateFunction>();

function validatorOf(kind: string): ValidateFunction {
  const before = validators.get(kind);
  if (before !== undefined) return before;
  const path = new URL(`../../docs/schemas/${kind}.json`, import.meta.url);
  const made = ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
  validators.set(kind, made);
  return made;
}

/** What the published schema of a kind has against a document; an empty list for nothing. */
export function schemaErrors(kind: string, document: unknown): readonly string[] {
  const validate = validatorOf(kind);
  validate(document);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

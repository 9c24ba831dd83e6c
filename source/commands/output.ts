import type { Writable } from 'node:stream';
import { visible } from '../text/visible.ts';
import type { Call } from './command.ts';

/** Whoever read our output has gone; there is nobody left to tell anything. */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError';
}

const GONE = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

/** Writes text and resolves once the system has taken it, so that nothing is lost when the program ends after. */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error) resolve();
      else if (GONE.includes((error as NodeJS.ErrnoException).code ?? ''))
        reject(new ReaderGoneError('the reader of the output has gone', { cause: error }));
      else reject(error);
    });
  });
}

/**
 * Characters that a terminal might obey, or that would reorder or hide text, and that JSON and YAML may hold as they
 * are. Both formats also take them as `\uXXXX` in a quoted string, which means the same to a program.
 */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const escaped = (text: string): string =>
  text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** An answer as JSON; harmless on a terminal. */
export const asJson = (document: unknown): string => `${escaped(JSON.stringify(document, null, 2))}\n`;

/** An answer as YAML; harmless on a terminal. */
export async function asYaml(document: unknown): Promise<string> {
  const { Document, visit } = await import('yaml');
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  visit(yaml, {
    Scalar(_, scalar) {
      // Only what stands in double quotes can be written as an escape.
      if (typeof scalar.value === 'string' && scalar.value.search(OBEYED) >= 0) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return escaped(yaml.toString({ lineWidth: 0 }));
}

/** What a command has to say: to people as text, to programs as a document. */
export type Answer = {
  readonly document: () => object;
  /** Made visible already: nothing in it that a terminal obeys. */
  readonly text: (wide: boolean) => string;
};

/** Prints an answer on stdout in the form that `--output` asks for. */
export async function print({ flags, surroundings }: Call, answer: Answer): Promise<void> {
  const format = flags.output ?? 'text';
  if (format === 'json') await write(surroundings.stdout, asJson(answer.document()));
  else if (format === 'yaml') await write(surroundings.stdout, await asYaml(answer.document()));
  else await write(surroundings.stdout, answer.text(format === 'wide'));
}

/** Whether the answer goes to a program, which gets one document on stdout and nothing else. */
export const isForProgram = ({ flags }: Call): boolean => flags.output === 'json' || flags.output === 'yaml';

/** Tells people a sentence, whatever the answer goes to; text of the cluster in it is made visible. */
export const say = ({ surroundings }: Pick<Call, 'surroundings'>, sentence: string): Promise<void> =>
  write(surroundings.stderr, `${visible(sentence)}\n`);

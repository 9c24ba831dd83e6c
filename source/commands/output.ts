import type { Writable } from 'node:stream';
import { visible } from '../text/visible.ts';
import type { Call } from './command.ts';
import type { Output } from './flags.ts';
import { escapeObeyed } from './obeyed.ts';

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

/** An answer as JSON; harmless on a terminal. */
export const asJson = (document: unknown): string => `${escapeObeyed(JSON.stringify(document, null, 2))}\n`;

/** What a command has to say: to people as text, to programs as a document. */
export type Answer = {
  readonly document: () => object;
  /** Made visible already: nothing in it that a terminal obeys. */
  readonly text: (wide: boolean) => string;
};

async function formatted(format: Output, answer: Answer): Promise<string> {
  switch (format) {
    case 'json':
      return asJson(answer.document());
    case 'yaml':
      return (await import('./as-yaml.ts')).asYaml(answer.document());
    default:
      return answer.text(format === 'wide');
  }
}

/** Prints an answer on stdout in the form that `--output` asks for. */
export const print = async ({ flags, surroundings }: Call, answer: Answer): Promise<void> =>
  write(surroundings.stdout, await formatted(flags.output ?? 'text', answer));

/** Whether the answer goes to a program, which gets one document on stdout and nothing else. */
export const isForProgram = ({ flags }: Call): boolean => flags.output === 'json' || flags.output === 'yaml';

/** Tells people a sentence, whatever the answer goes to; text of the cluster in it is made visible. */
export const say = ({ surroundings }: Pick<Call, 'surroundings'>, sentence: string): Promise<void> =>
  write(surroundings.stderr, `${visible(sentence)}\n`);

import { createInterface } from 'node:readline/promises';
import type { Call } from './command.ts';
import { UsageError } from './exit.ts';

/** Asks the operator on the terminal, where only y and yes agree. Throws a UsageError when there is nobody to ask. */
export async function confirmed({ surroundings, signal }: Call, question: string): Promise<boolean> {
  const { stdin, stderr } = surroundings;
  if (stdin.isTTY !== true)
    throw new UsageError(
      'Nothing was changed: there is no terminal to confirm on; add --yes to do it, or --dry-run to only look.',
    );
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    // A terminal that closes instead of answering has not agreed.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

import { createInterface } from 'node:readline/promises';
import { visible } from '../text/visible.ts';
import type { Call } from './command.ts';
import { UsageError } from './exit.ts';

/** Asks the operator on the terminal, where only y and yes agree. Throws a UsageError when there is nobody to ask. */
export const confirmed = async (call: Call, question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await answerTo(call, `${question} [y/N] `, '--yes'));

/** Asks the operator to type a name. Throws a UsageError when there is nobody to ask, or when `--confirm` gives another. */
export async function confirmedByName(call: Call, question: string, name: string): Promise<boolean> {
  const { confirm } = call.flags;
  if (confirm === undefined)
    return (
      (await answerTo(call, `${question} Type ${visible(name)} to do it: `, `--confirm ${visible(name)}`)) === name
    );
  if (confirm === name) return true;
  throw new UsageError(`Nothing was changed: --confirm ${confirm} is not the name asked for, which is ${name}.`);
}

/** What is typed in answer to a question; empty when the terminal closes. */
async function answerTo({ surroundings, signal }: Call, question: string, flag: string): Promise<string> {
  const { stdin, stderr } = surroundings;
  if (stdin.isTTY !== true)
    throw new UsageError(
      `Nothing was changed: there is no terminal to confirm on; add ${flag} to do it, or --dry-run to only look.`,
    );
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    // A terminal that closes instead of answering has not agreed.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return (await Promise.race([terminal.question(question, { signal }), closed])).trim();
  } finally {
    terminal.close();
  }
}

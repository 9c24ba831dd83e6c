import { parseArgs } from 'node:util';
import type { SandboxClock } from '../clock.ts';
import type { Ran } from './exec-channels.ts';

/** What Salt reaches: which machines answer, and what the product's function for a backup does. */
export type Minions = {
  readonly isAlive: (node: string) => boolean;
  /** The node that makes archives; null when there is none. */
  readonly bootstrap: () => string | null;
  /** Has the masters copy a new archive. Answers why not, or null. */
  readonly copyArchive: () => string | null;
};

/** How long it takes to make an archive, in ms. */
const ARCHIVING = 3000;
/** Exit codes of salt: no minion answered, and a function that is not there (Salt: `salt.defaults.exitcodes`). */
const NOBODY = 2;
const NO_FUNCTION = 254;
const FAILED = 1;

const OPTIONS = {
  out: { type: 'string' },
  static: { type: 'boolean' },
  'retcode-passthrough': { type: 'boolean' },
  timeout: { type: 'string' },
} as const;

const BACKUP = 'metalk8s.backup_node';

function wordsOf(arguments_: readonly string[]): readonly string[] | null {
  try {
    return parseArgs({ args: [...arguments_], options: OPTIONS, allowPositionals: true }).positionals;
  } catch {
    // An option that is not in the table; the caller says so.
    return null;
  }
}

const told = (node: string, answer: string, code: number): Ran => ({
  stdout: `${JSON.stringify({ [node]: answer }, null, 4)}\n`,
  stderr: '',
  code,
});

/** Runs the `salt` of the Salt master for one minion. Of the functions that there are, the product's backup is here. */
export async function salt(minions: Minions, arguments_: readonly string[], clock: SandboxClock): Promise<Ran> {
  const words = wordsOf(arguments_);
  if (words === null) return { stdout: '', stderr: 'salt: error: no such option\n', code: NOBODY };
  const [node = '', action = ''] = words;
  const bootstrap = minions.bootstrap();
  if (node !== bootstrap || !minions.isAlive(node)) {
    return { stdout: '', stderr: 'ERROR: No return received\n', code: NOBODY };
  }
  if (action !== BACKUP) return told(node, `'${action}' is not available.`, NO_FUNCTION);
  await new Promise<void>((resolve) => void clock.after(ARCHIVING, resolve));
  const refused = minions.copyArchive();
  return refused === null ? told(node, 'Backup done.', 0) : told(node, `Backup failed: ${refused}`, FAILED);
}

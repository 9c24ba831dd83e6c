import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the console keeps what it must remember, such as the journal: under XDG_STATE_HOME, else ~/.local/state (XDG
 * base directories; a relative path there counts as not set). The folder need not exist.
 */
export function stateFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['XDG_STATE_HOME'];
  const home = environment['HOME'];
  const base =
    given && isAbsolute(given) ? given : join(home && isAbsolute(home) ? home : homedir(), '.local', 'state');
  return join(base, 'metalk8s-console');
}

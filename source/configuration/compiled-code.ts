import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where compiled code is kept from one start to the next: under XDG_CACHE_HOME, else ~/.cache (XDG base directories; a
 * relative path there counts as not set). The folder need not exist.
 */
export function compiledCodeFolder(environment: Environment): string {
  const given = environment['XDG_CACHE_HOME'];
  const home = environment['HOME'];
  const base = given && isAbsolute(given) ? given : join(home && isAbsolute(home) ? home : homedir(), '.cache');
  return join(base, 'metalk8s-console', 'compiled');
}

/**
 * Whether the folder is there, made if need be, and its files can come from this user alone: what lies in it is run, so a
 * folder that is a link, another's, or open to others is none. False too where there are no such owners, as on Windows.
 */
export function isPrivateFolder(folder: string, user = process.getuid?.()): boolean {
  if (user === undefined) return false;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    return status.isDirectory() && status.uid === user && (status.mode & 0o077) === 0;
  } catch {
    // A home that is missing, full or cannot be written: everything works without, a little later.
    return false;
  }
}

/** Lets Node keep what it compiles and take it at the next start; modules loaded after this call count. Never throws. */
export function keepCompiledCode(environment: Environment): void {
  const folder = compiledCodeFolder(environment);
  if (isPrivateFolder(folder)) enableCompileCache(folder);
}

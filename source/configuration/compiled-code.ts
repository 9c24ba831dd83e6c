import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of the folders, from the base on. */
const BELOW_BASE = ['metalk8s-console', 'compiled'] as const;

/** Write permission of the group and of all others, and the bit that keeps them from moving what is not theirs. */
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * What a cache lies in: XDG_CACHE_HOME, else ~/.cache (XDG base directories; a relative path there counts as not set).
 * The home, where the base is to be made in it if missing.
 */
function baseOf(environment: Environment): { readonly base: string; readonly home: string | null } {
  const given = environment['XDG_CACHE_HOME'];
  if (given && isAbsolute(given)) return { base: given, home: null };
  const known = environment['HOME'];
  const home = known && isAbsolute(known) ? known : homedir();
  return { base: join(home, '.cache'), home };
}

/** Where compiled code is kept from one start to the next. The folder need not exist. */
export const compiledCodeFolder = (environment: Environment): string => join(baseOf(environment).base, ...BELOW_BASE);

/** Whether a folder and all above it can be moved or filled by this user and root alone (as StrictModes of sshd asks). */
function isSafePath(folder: string, user: number): boolean {
  const { uid, mode } = statSync(folder);
  const isSafe = (uid === user || uid === ROOT) && ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0);
  const above = dirname(folder);
  return isSafe && (above === folder || isSafePath(above, user));
}

/**
 * The folder of compiled code, made if need be, when its files can come from this user alone: what lies in it is run. Null
 * when the home or base is not there, or is somebody else's, as with `sudo -E`; when anything above it can be moved by others;
 * when the folder is a link or open to others; and where there are no such owners, as on Windows.
 */
export function privateFolder(environment: Environment, user = process.geteuid?.()): string | null {
  if (user === undefined) return null;
  try {
    const { base, home } = baseOf(environment);
    if (home !== null && statSync(home).uid !== user) return null;
    if (home !== null) mkdirSync(base, { recursive: true, mode: 0o700 });
    let folder = realpathSync(base);
    if (statSync(folder).uid !== user || !isSafePath(folder, user)) return null;
    for (const name of BELOW_BASE) {
      folder = join(folder, name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const status = lstatSync(folder);
      if (!status.isDirectory() || status.uid !== user || (status.mode & OTHERS_WRITE) !== 0) return null;
    }
    return (lstatSync(folder).mode & 0o077) === 0 ? folder : null;
  } catch {
    // A base that is missing, full or cannot be written: everything works without, a little later.
    return null;
  }
}

/** Lets Node keep what it compiles and take it at the next start; modules loaded after this call count. Never throws. */
export function keepCompiledCode(environment: Environment): void {
  const folder = privateFolder(environment);
  if (folder !== null) enableCompileCache(folder);
}

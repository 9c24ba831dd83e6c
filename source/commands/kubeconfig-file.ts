import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { UsageError } from './exit.ts';

const MARK = '# Written by metalk8s-console sandbox; replaced and removed by it.\n';

/** The text of the file, or an empty string where there is none. */
async function contents(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

/** Throws a UsageError when the file holds anything but what an earlier sandbox wrote, such as credentials of a real cluster. */
export async function checkOverwrites(path: string): Promise<void> {
  const text = await contents(path);
  if (text !== '' && !text.startsWith(MARK))
    throw new UsageError(`${path} exists and no sandbox wrote it; name another file with --kubeconfig.`);
}

/** Writes a kubeconfig that only this user can read; who sees the file sees all of it. */
export async function writeKubeconfig(path: string, text: string): Promise<void> {
  const draft = `${path}.${String(process.pid)}`;
  try {
    await writeFile(draft, MARK + text, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}

/** Removes the file if it is still what this sandbox wrote. */
export async function removeKubeconfig(path: string, text: string): Promise<void> {
  if ((await contents(path)) === MARK + text) await rm(path, { force: true });
}

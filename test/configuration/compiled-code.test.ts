import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiledCodeFolder, isPrivateFolder } from '../../source/configuration/compiled-code.ts';

describe('the folder of compiled code', () => {
  it.each([
    [{ HOME: '/home/o' }, '/home/o/.cache/metalk8s-console/compiled'],
    [{ HOME: '/home/o', XDG_CACHE_HOME: '/var/tmp/o' }, '/var/tmp/o/metalk8s-console/compiled'],
    [{ HOME: '/home/o', XDG_CACHE_HOME: 'cache' }, '/home/o/.cache/metalk8s-console/compiled'],
  ])('of %j is %s', (environment, folder) => expect(compiledCodeFolder(environment)).toBe(folder));
});

describe.runIf(process.getuid !== undefined)('a folder whose files are run', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'compiled-'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('is made for this user alone', () => {
    const folder = join(base, 'a', 'b');
    expect(isPrivateFolder(folder)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(isPrivateFolder(folder)).toBe(true);
  });

  it.each([0o777, 0o770, 0o755, 0o720])('is none with the mode %o', (mode) => {
    const folder = join(base, 'open');
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(isPrivateFolder(folder)).toBe(false);
  });

  it('is none when it is a link, a file or of somebody else', () => {
    mkdirSync(join(base, 'real'), { mode: 0o700 });
    symlinkSync(join(base, 'real'), join(base, 'link'));
    writeFileSync(join(base, 'file'), '');
    expect(isPrivateFolder(join(base, 'link'))).toBe(false);
    expect(isPrivateFolder(join(base, 'file'))).toBe(false);
    expect(isPrivateFolder(join(base, 'file', 'below'))).toBe(false);
    expect(isPrivateFolder(join(base, 'real'), 4_294_967_294)).toBe(false);
  });
});

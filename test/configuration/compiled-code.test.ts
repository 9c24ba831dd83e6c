import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiledCodeFolder, privateFolder } from '../../source/configuration/compiled-code.ts';

const SOMEBODY_ELSE = 4_294_967_294;

describe('the folder of compiled code', () => {
  it.each([
    [{ HOME: '/home/o' }, '/home/o/.cache/metalk8s-console/compiled'],
    [{ HOME: '/home/o', XDG_CACHE_HOME: '/var/tmp/o' }, '/var/tmp/o/metalk8s-console/compiled'],
    [{ HOME: '/home/o', XDG_CACHE_HOME: 'cache' }, '/home/o/.cache/metalk8s-console/compiled'],
  ])('of %j is %s', (environment, folder) => expect(compiledCodeFolder(environment)).toBe(folder));
});

describe.runIf(process.geteuid !== undefined)('a folder whose files are run', () => {
  let above: string;
  let base: string;
  /** As a program finds it whose cache lies in a base. */
  const found = (at = base, user?: number) => privateFolder({ XDG_CACHE_HOME: at }, user);
  const program = () => join(base, 'metalk8s-console');
  const compiled = () => join(program(), 'compiled');
  beforeEach(() => {
    above = mkdtempSync(join(tmpdir(), 'compiled-'));
    base = join(above, 'cache');
    mkdirSync(base, { mode: 0o755 });
  });
  afterEach(() => rmSync(above, { recursive: true, force: true }));

  it('is made for this user alone, below a base that is there', () => {
    expect(found()).toBe(compiled());
    expect(statSync(compiled()).mode & 0o777).toBe(0o700);
    expect(found()).toBe(compiled());
  });

  it('is made in a home that has no base yet', () => {
    expect(privateFolder({ HOME: above })).toBe(join(above, '.cache', 'metalk8s-console', 'compiled'));
    expect(statSync(join(above, '.cache')).mode & 0o777).toBe(0o700);
  });

  it('is none, and nothing is made, in a home that is missing or somebody else’s', () => {
    expect(privateFolder({ HOME: join(above, 'missing') })).toBeNull();
    expect(privateFolder({ HOME: above }, SOMEBODY_ELSE)).toBeNull();
    expect(existsSync(join(above, 'missing'))).toBe(false);
    expect(existsSync(join(above, '.cache'))).toBe(false);
  });

  it('is none, and nothing is made, where the base is missing', () => {
    expect(found(join(above, 'missing'))).toBeNull();
    expect(existsSync(join(above, 'missing'))).toBe(false);
  });

  it('is none, and nothing is made, where the base is somebody else’s', () => {
    expect(found(base, SOMEBODY_ELSE)).toBeNull();
    expect(existsSync(program())).toBe(false);
  });

  it.each([0o777, 0o770, 0o755, 0o720])('is none with the mode %o', (mode) => {
    mkdirSync(compiled(), { recursive: true });
    chmodSync(compiled(), mode);
    expect(found()).toBeNull();
  });

  it.each([
    { what: 'the folder of the program', of: program },
    { what: 'the base', of: () => base },
    { what: 'what the base lies in', of: () => above },
  ])('is none where others may write into $what', ({ of }) => {
    mkdirSync(compiled(), { recursive: true, mode: 0o700 });
    expect(found()).toBe(compiled());
    for (const mode of [0o777, 0o775]) {
      chmodSync(of(), mode);
      expect(found()).toBeNull();
    }
  });

  it('may lie in a place that all write into and nobody moves what is another’s, as /tmp', () => {
    chmodSync(above, 0o1777);
    expect(found()).toBe(compiled());
  });

  it.each(['metalk8s-console', 'metalk8s-console/compiled'])('is none where %s is a link or a file', (name) => {
    mkdirSync(program(), { mode: 0o700 });
    mkdirSync(join(above, 'real'), { mode: 0o700 });
    rmSync(join(base, name), { recursive: true, force: true });
    symlinkSync(join(above, 'real'), join(base, name));
    expect(found()).toBeNull();
    rmSync(join(base, name));
    writeFileSync(join(base, name), '');
    expect(found()).toBeNull();
  });

  it('lies where a base that is a link leads to', () => {
    symlinkSync(base, join(above, 'link'));
    expect(found(join(above, 'link'))).toBe(compiled());
  });
});

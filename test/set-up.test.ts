import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'metalk8s-set-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a file as if the Node were of another version. */
function runAs(version: string, file: string, ...args: readonly string[]) {
  const preload = join(folder, `as-${version}.cjs`);
  const value = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${value} });\n`);
  return spawnSync(process.execPath, ['--require', preload, file, ...args], { encoding: 'utf8', cwd: folder });
}

describe('the published command', () => {
  const launch = join(ROOT, 'tools', 'launch.cjs');

  it.each(['12.22.9', '18.20.4', '20.20.0', '22.18.0'])('says in one line that Node %s is too old', (version) => {
    const { status, stdout, stderr } = runAs(version, launch);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      `metalk8s-console needs Node 22.19 or newer; this is Node ${version}: install a newer one and start again.\n`,
    );
  });

  it('is written so that an old Node can read it', () => {
    const text = readFileSync(launch, 'utf8').replace(/^\s*\/\/.*$/gm, '');
    expect(text).not.toMatch(/\b(const|let|async|await)\b|=>|\?\.|\?\?|`/);
  });
});

describe('the set-up', () => {
  const setUp = join(ROOT, 'tools', 'set-up.cjs');

  it.each([[], ['fly'], ['toString'], ['__proto__']])(
    'speaks on stderr only, and names what it knows: %s',
    (...words) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [setUp, ...words], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toBe('set-up: say one of: start, test, build, bench, media, run.\n');
    },
  );

  it('uses nothing that Node 20 lacks beyond what every Node brings', () => {
    const required = [...readFileSync(setUp, 'utf8').matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name ?? '');
    expect(required.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});

describe('what is published', () => {
  const dist = join(folder, 'dist');
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'tools', 'build.mjs'), dist], { stdio: 'pipe' });
  }, 60_000);

  it('has a package.json of its own, with the command and without what only development needs', () => {
    const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const published = JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(published).toMatchObject({
      name: 'metalk8s-console',
      version: own.version,
      bin: { 'metalk8s-console': 'metalk8s-console.cjs' },
      engines: { node: '>=22.19' },
    });
    for (const key of ['dependencies', 'optionalDependencies', 'devDependencies', 'scripts'])
      expect(published).not.toHaveProperty(key);
  });

  it('runs from a folder of its own, with no packages around it', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'metalk8s-console.cjs'), '--version'], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^metalk8s-console \d+\.\d+\.\d+\n$/);
  });
});

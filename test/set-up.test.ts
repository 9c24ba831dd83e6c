import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

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

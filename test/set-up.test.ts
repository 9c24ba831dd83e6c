import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
      expect(stderr).toBe('set-up: say one of: start, test, build, bench, soak, media, run.\n');
    },
  );

  it('uses nothing that Node 20 lacks beyond what every Node brings', () => {
    const required = [...readFileSync(setUp, 'utf8').matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name ?? '');
    expect(required.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});

/** A clone with the set-up alone: its npm makes a folder, its build the program, and each says that it ran. */
function clone(program: string): { root: string; start: () => ReturnType<typeof spawn>; ran: () => string[] } {
  const root = mkdtempSync(join(folder, 'clone-'));
  const log = join(root, 'ran');
  const made = { npm: join(root, 'npm.js'), build: join(root, 'tools', 'build.mjs') };
  mkdirSync(join(root, 'tools'));
  mkdirSync(join(root, 'source'));
  copyFileSync(join(ROOT, 'tools', 'set-up.cjs'), join(root, 'tools', 'set-up.cjs'));
  for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(root, name), '{}');
  const says = (word: string) => `fs.appendFileSync(${JSON.stringify(log)}, '${word}\\n');`;
  writeFileSync(made.npm, `const fs = require('node:fs'); fs.mkdirSync('node_modules'); ${says('npm')}`);
  const cli = JSON.stringify(program);
  writeFileSync(
    made.build,
    `import fs from 'node:fs'; fs.mkdirSync('dist'); fs.writeFileSync('dist/cli.js', ${cli}); ${says('build')}`,
  );
  return {
    root,
    start: () =>
      spawn(process.execPath, [join(root, 'tools', 'set-up.cjs'), 'start'], {
        env: { ...process.env, npm_execpath: made.npm },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      }),
    ran: () => readFileSync(log, 'utf8').trim().split('\n'),
  };
}

const codeOf = (child: ReturnType<typeof spawn>): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

describe('a clone', () => {
  it('hears one Ctrl-C once, and SIGTERM also when it is sent to the set-up alone', async () => {
    const child = clone(
      `for (const signal of ['SIGINT', 'SIGTERM'])
         process.on(signal, () => { console.log(signal); if (signal === 'SIGTERM') process.exit(7); });
       setInterval(() => undefined, 1_000);
       console.log('ready');`,
    ).start();
    const { pid, stdout } = child;
    if (pid === undefined || stdout === null) throw new Error('the set-up did not start');
    const heard: string[] = [];
    const ended = codeOf(child);
    createInterface({ input: stdout }).on('line', (line) => {
      heard.push(line);
      // What a terminal sends, it sends to the whole group.
      if (line === 'ready') process.kill(-pid, 'SIGINT');
      if (line !== 'SIGINT' || heard.length > 2) return;
      child.kill('SIGINT');
      child.kill('SIGTERM');
    });
    expect({ code: await ended, heard }).toEqual({ code: 7, heard: ['ready', 'SIGINT', 'SIGTERM'] });
  });

  const DEAD = String(spawnSync(process.execPath, ['--version']).pid);
  it.each([
    ['of a process that died', DEAD],
    ['that is empty', ''],
  ])('takes over a lock %s; of several set-ups at once each step is done by one', async (_, holder) => {
    const { root, start, ran } = clone(`process.exit(0);`);
    mkdirSync(join(root, '.set-up'));
    writeFileSync(join(root, '.set-up', 'lock'), holder);
    const codes = await Promise.all([start(), start(), start()].map(codeOf));
    expect({ codes, ran: ran(), left: readdirSync(join(root, '.set-up')) }).toEqual({
      codes: [0, 0, 0],
      ran: ['npm', 'build'],
      left: [],
    });
  });
});

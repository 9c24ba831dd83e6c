import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeList } from '../../source/commands/kinds/node-list.ts';
import { schemaErrors } from './program.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'metalk8s-process-'));
const program = join(folder, 'dist', 'cli.js');
const started: ChildProcess[] = [];

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'tools', 'build.mjs'), join(folder, 'dist')], { stdio: 'pipe' });
}, 60_000);
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the built program with a home and a folder for temporary files of its own. */
function start(argv: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...argv], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, ...environment },
  });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

const lineFrom = (child: ChildProcess, begin: string): Promise<string> =>
  new Promise((resolve, reject) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => line.startsWith(begin) && resolve(line));
    child.once('exit', () => reject(new Error(`ended before it printed "${begin}"`)));
  });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Resolves when a condition holds that no event tells of; the test's own time limit is the bound. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Processes whose parent is `pid`, as Linux lists them. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);

describe('what is published', () => {
  const manifest = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

  it('has a package.json of its own, with the command and without what only development needs', () => {
    const published = manifest(join(folder, 'dist', 'package.json'));
    expect(published).toMatchObject({
      name: 'metalk8s-console',
      version: manifest(join(ROOT, 'package.json'))['version'],
      bin: { 'metalk8s-console': 'metalk8s-console.cjs' },
      engines: { node: '>=22.19' },
    });
    for (const key of ['dependencies', 'optionalDependencies', 'devDependencies', 'scripts'])
      expect(published).not.toHaveProperty(key);
  });

  it('runs by its command from a folder with no packages around it', () => {
    const command = join(folder, 'dist', 'metalk8s-console.cjs');
    const stdout = execFileSync(process.execPath, [command, '--version'], { encoding: 'utf8', cwd: folder });
    expect(stdout).toMatch(/^metalk8s-console \d+\.\d+\.\d+\n$/);
  });
});

/** Characters of the command line and its parser; and with all commands, which are one part, still without a screen. */
const COMMAND_LINE = 450_000;
const WITH_COMMANDS = 850_000;

describe('without a cluster', () => {
  it.each([
    [['--version'], 0, COMMAND_LINE],
    [['--help'], 0, COMMAND_LINE],
    [['nodes', '--help'], 0, COMMAND_LINE],
    [['nods'], 2, COMMAND_LINE],
    [['nodes', '--nope'], 2, COMMAND_LINE],
    [['label', 'n'], 2, WITH_COMMANDS],
  ])('%j answers before anything heavy is loaded', async (argv, wanted, most) => {
    const loaded = join(folder, 'loaded.mjs');
    writeFileSync(
      loaded,
      `import { registerHooks } from 'node:module';
       registerHooks({ load(url, context, next) { const got = next(url, context); if (got.source) process.stderr.write('loaded ' + got.source.length + '\\n'); return got; } });`,
    );
    const { ended } = start(argv, { NODE_OPTIONS: `--import ${loaded}` });
    const { code, stderr } = await ended;
    expect(code).toBe(wanted);
    const sizes = [...stderr.matchAll(/^loaded (\d+)$/gm)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(most);
  });
});

describe('a demo', () => {
  it('answers from a cluster of its own and leaves nothing behind', async () => {
    const own = mkdtempSync(join(folder, 'demo-'));
    const { code, stdout, stderr } = await start(['nodes', '--demo', '-o', 'json'], { TMPDIR: own }).ended;
    expect({ code, stderr, left: readdirSync(own) }).toEqual({ code: 0, stderr: '', left: [] });
    expect(schemaErrors('node-list', JSON.parse(stdout))).toEqual([]);
    expect((JSON.parse(stdout) as NodeList).items).toHaveLength(6);
  });

  it('keeps its trail apart from that of the operator', async () => {
    const { code } = await start(['cordon', 'par1-worker-1', '--yes', '--demo']).ended;
    expect(code).toBe(0);
    expect(existsSync(join(folder, '.local', 'state'))).toBe(false);
  });

  it('without a terminal is what starting the program alone shows', async () => {
    const { code, stdout } = await start(['--demo']).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME .*\npar1-bootstrap /);
  });

  it('tells about a scene that there is not', async () => {
    const { code, stdout, stderr } = await start(['nodes', '--demo', '--scene', 'standrad']).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('There is no scene "standrad"; did you mean "standard"?\n');
  });

  it.runIf(existsSync('/proc/self/task'))('dies with the program, however that dies', async () => {
    const file = join(folder, 'waiting');
    const { child, ended } = start(['cordon', 'par1-worker-1', '--demo', '--record', file, '--timeout', '25s']);
    const [pid = NaN] = [child.pid];
    await until(() => childrenOf(pid).length > 0);
    const [sandbox = NaN] = childrenOf(pid);
    child.kill('SIGKILL');
    await ended;
    await until(() => !isAlive(sandbox));
    expect(isAlive(sandbox)).toBe(false);
  });
});

describe('a sandbox in the foreground', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'writes a kubeconfig once it is ready, and stops cleanly on %s',
    async (signal) => {
      const kubeconfig = join(folder, `kubeconfig-${signal}`);
      const { child, ended } = start(['sandbox', '--kubeconfig', kubeconfig]);
      expect(await lineFrom(child, 'kubeconfig ')).toBe(`kubeconfig ${kubeconfig}`);
      expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
      const nodes = await start(['nodes', '--kubeconfig', kubeconfig]).ended;
      expect({ code: nodes.code, stderr: nodes.stderr }).toEqual({ code: 0, stderr: '' });
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect({ code, stderr, left: existsSync(kubeconfig) }).toEqual({ code: 0, stderr: '', left: false });
      expect(stdout).toMatch(/^api https:\/\/127\.0\.0\.1:\d+\nkubeconfig .*\n$/);
    },
  );

  it('has the size that is asked for', async () => {
    const kubeconfig = join(folder, 'kubeconfig-large');
    const { child } = start(['sandbox', '--kubeconfig', kubeconfig, '--nodes', '20', '--pods', '400']);
    await lineFrom(child, 'kubeconfig ');
    const { stdout } = await start(['nodes', '--kubeconfig', kubeconfig, '-o', 'json']).ended;
    const { items } = JSON.parse(stdout) as NodeList;
    expect(items).toHaveLength(20);
    const pods = items.reduce((sum, item) => sum + (item.pods?.total ?? NaN), 0);
    expect(pods).toBeGreaterThan(300);
    expect(pods).toBeLessThan(500);
  });

  it('never takes the place of a kubeconfig that it did not write', async () => {
    const kubeconfig = join(folder, 'precious');
    writeFileSync(kubeconfig, 'apiVersion: v1\n');
    const { code, stderr } = await start(['sandbox', '--kubeconfig', kubeconfig]).ended;
    expect(code).toBe(2);
    expect(stderr).toBe(`${kubeconfig} exists and no sandbox wrote it; name another file with --kubeconfig.\n`);
    expect(readFileSync(kubeconfig, 'utf8')).toBe('apiVersion: v1\n');
  });
});

describe('a reader', () => {
  it('that goes away early ends the program quietly', async () => {
    const { child, ended } = start(['node', 'par1-bootstrap', '--demo', '-o', 'json']);
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('that is slow gets everything', async () => {
    const kubeconfig = join(folder, 'kubeconfig-slow');
    const { child } = start(['sandbox', '--kubeconfig', kubeconfig, '--nodes', '150', '--pods', '1200']);
    await lineFrom(child, 'kubeconfig ');
    const slow = spawn(
      'sh',
      ['-c', `"$0" "$1" nodes -o json --kubeconfig "$2" | { sleep 0.3; cat; }`, process.execPath, program, kubeconfig],
      {
        env: { PATH: process.env['PATH'], HOME: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const parts: Buffer[] = [];
    for await (const part of slow.stdout) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    expect(text.length).toBeGreaterThan(128 * 1024);
    expect((JSON.parse(text) as NodeList).items).toHaveLength(150);
  });
});

it.each([1, 2])(
  'an interruption that comes %i times ends with 130 and one sentence, and leaves nothing behind',
  async (times) => {
    const own = mkdtempSync(join(folder, 'interrupted-'));
    const { child, ended } = start(['nodes', '--demo'], { TMPDIR: own });
    await until(() => readdirSync(own).length > 0);
    child.kill('SIGINT');
    // Another one, since two of the same that wait are one to the system.
    if (times === 2) child.kill('SIGHUP');
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout, stderr, left: readdirSync(own) }).toEqual({
      code: 130,
      stdout: '',
      stderr: 'Interrupted.\n',
      left: [],
    });
  },
);

#!/usr/bin/env node
// Run by every npm script, on whatever Node the machine has (ES2019, no dependency): brings the locked
// packages, the runtime and the build up to date, then hands over to them. Speaks on stderr only.
'use strict';
const { createHash } = require('node:crypto');
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const LOCK = path.join(ROOT, '.set-up');
const OLDEST_NODE = [22, 19];
const BUILD_INPUTS = ['cli.tsx', 'source', 'package.json', 'package-lock.json', 'tools'];

const say = (text) => process.stderr.write('set-up: ' + text + '\n');
const fail = (text) => {
  say(text);
  process.exit(2);
};

function filesUnder(name) {
  const file = path.join(ROOT, name);
  if (!fs.existsSync(file)) return [];
  if (!fs.statSync(file).isDirectory()) return [name];
  return fs
    .readdirSync(file)
    .sort()
    .reduce((all, child) => all.concat(filesUnder(path.join(name, child))), []);
}

/** One hash over the names and contents of files and folders. */
function hashOf(names) {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const name of names.reduce((all, one) => all.concat(filesUnder(one)), []))
    hash.update(name + '\0').update(fs.readFileSync(path.join(ROOT, name)));
  return hash.digest('hex');
}

const isCurrent = (stamp, hash) => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash;

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Makes the lock with its holder in it already, so that no lock is ever empty; false when there is one. */
function takeLock(file) {
  const draft = file + '.' + process.pid;
  fs.writeFileSync(draft, String(process.pid));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

const textOf = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return null;
  }
};

/** Puts a dead lock away. Whoever finds that it took the lock of a newer holder instead gives it back. */
function putAway(file, dead) {
  const away = file + '.dead.' + process.pid;
  try {
    fs.renameSync(file, away);
    if (fs.readFileSync(away, 'utf8') !== dead) fs.linkSync(away, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(away, { force: true });
  }
}

/** Runs `work` while no other set-up of this clone runs; the lock of a process that died is taken over. */
function underLock(work) {
  fs.mkdirSync(LOCK, { recursive: true });
  const file = path.join(LOCK, 'lock');
  for (let told = false; !takeLock(file);) {
    const holder = textOf(file);
    if (holder === null) continue;
    if (!(Number(holder) > 0) || !isAlive(Number(holder))) {
      putAway(file, holder);
      continue;
    }
    if (!told) say('waits for another set-up of this clone (process ' + holder + ')');
    told = true;
    pause(200);
  }
  try {
    work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function run(command, args, what) {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (done.error) fail(what + ' could not start: ' + done.error.message + '.');
  if (done.status !== 0) fail(what + ' failed (exit ' + done.status + '); its output is above.');
}

/** The Node that runs the product: the one that the lock file brings, else this one when it is new enough. */
function runtime() {
  const brought = path.join(ROOT, 'node_modules', 'node-' + process.platform + '-' + process.arch, 'bin', 'node');
  if (fs.existsSync(brought)) return brought;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  return fail(
    'no runtime is packaged for ' +
      process.platform +
      '-' +
      process.arch +
      ' and Node ' +
      process.versions.node +
      ' is too old: install Node ' +
      OLDEST_NODE.join('.') +
      ' or newer.',
  );
}

function install() {
  const stamp = path.join(ROOT, 'node_modules', '.set-up');
  const hash = hashOf(['package-lock.json']);
  if (isCurrent(stamp, hash)) return;
  underLock(() => {
    if (isCurrent(stamp, hash)) return;
    say('installs the locked packages (once, a minute or so)');
    const npm = process.env.npm_execpath;
    const args = [
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    if (npm && npm.endsWith('.js')) run(process.execPath, [npm].concat(args), 'npm ci');
    else run('npm', args, 'npm ci');
    fs.writeFileSync(stamp, hash);
  });
}

function build() {
  const stamp = path.join(ROOT, 'dist', '.set-up');
  const hash = hashOf(BUILD_INPUTS);
  if (isCurrent(stamp, hash)) return;
  underLock(() => {
    if (isCurrent(stamp, hash)) return;
    say('builds the console');
    run(runtime(), [path.join('tools', 'build.mjs')], 'the build');
    fs.writeFileSync(stamp, hash);
  });
}

/**
 * Hands the terminal over; signals and the exit code pass through. What is typed in a terminal reaches every process
 * of its group by itself, so it is only outlived here: passed on, one Ctrl-C would count as two.
 */
function handOver(args) {
  const node = runtime();
  const bin = path.join(ROOT, 'node_modules', '.bin');
  const env = Object.assign({}, process.env, {
    PATH: [path.dirname(node), bin, process.env.PATH].join(path.delimiter),
  });
  const child = spawn(node, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(node + ' could not start: ' + error.message + '.'));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + require('node:os').constants.signals[signal] : code));
}

const tool = (name) => {
  const folder = path.join(ROOT, 'node_modules', ...(name === 'tsc' ? ['typescript'] : [name]));
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
};
const CLI = path.join(ROOT, 'dist', 'cli.js');

/** What each npm script does once the packages are in place. */
const COMMANDS = {
  start(args) {
    build();
    handOver([CLI].concat(args.length > 0 ? args : ['--demo']));
  },
  test(args) {
    build();
    handOver([tool('vitest'), 'run', '--config', 'test/vitest.config.ts'].concat(args));
  },
  build,
  bench(args) {
    build();
    handOver([path.join(ROOT, 'bench', 'run.ts')].concat(args));
  },
  soak(args) {
    build();
    handOver([path.join(ROOT, 'bench', 'soak.ts')].concat(args));
  },
  media(args) {
    build();
    handOver([path.join(ROOT, 'media', 'make.ts')].concat(args));
  },
  run(args) {
    build();
    handOver([tool(args[0])].concat(args.slice(1)));
  },
};

const [command, ...args] = process.argv.slice(2);
if (!Object.prototype.hasOwnProperty.call(COMMANDS, command))
  fail('say one of: ' + Object.keys(COMMANDS).join(', ') + '.');
process.chdir(ROOT);
install();
COMMANDS[command](args);

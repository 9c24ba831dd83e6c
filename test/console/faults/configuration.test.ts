import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { run } from '../../../source/commands/run.ts';
import { createEmulator } from '../emulator.ts';
import { startSite, type Site } from './live-screen.tsx';

type Wrong = {
  readonly name: string;
  readonly arguments: (site: Site) => readonly string[];
  readonly sentence: (site: Site) => string;
};

const missing = ({ folder }: Site) => join(folder, 'no-such-file');
const written = (site: Site, text: string): string => {
  const file = join(site.folder, 'wrong');
  writeFileSync(file, text);
  return file;
};

const WRONG: readonly Wrong[] = [
  {
    name: 'a kubeconfig that is not there',
    arguments: (site) => ['--kubeconfig', missing(site)],
    sentence: (site) => `Kubeconfig ${missing(site)} does not exist; correct --kubeconfig.`,
  },
  {
    name: 'broken YAML',
    arguments: (site) => ['--kubeconfig', written(site, 'apiVersion: v1\nclusters: [unclosed\nusers: []\n')],
    sentence: ({ folder }) => `Kubeconfig ${folder}/wrong is not valid YAML (line 3); mend that line.`,
  },
  {
    name: 'an empty file',
    arguments: (site) => ['--kubeconfig', written(site, '')],
    sentence: ({ folder }) =>
      `Kubeconfig ${folder}/wrong is empty or no kubeconfig; name a kubeconfig with --kubeconfig FILE.`,
  },
  {
    name: 'an unknown context',
    arguments: ({ file }) => ['--kubeconfig', file, '--context', 'production'],
    sentence: ({ file }) => `Context "production" is not in ${file}; choose one of admin@sandbox-standard.`,
  },
];

test.concurrent.for(WRONG)('$name: one sentence before any screen, exit code 2', async (wrong, { onTestFinished }) => {
  const site = await startSite(onTestFinished);
  for (const command of [[], ['nodes']]) {
    const terminal = createEmulator(80, 24);
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await run([...command, ...wrong.arguments(site)], {
      stdin: terminal.stdin,
      stdout,
      stderr,
      terminal: { stdin: terminal.stdin, stdout: terminal.stdout, stderr: terminal.stdout },
      environment: { HOME: site.folder, XDG_STATE_HOME: site.folder },
      now: Date.now,
      version: '0.0.0',
      program: ['no-such-program'],
      interrupted: new AbortController().signal,
    });
    const told = String(stderr.read() ?? '');
    expect({ code, told, printed: stdout.read() as unknown, drawn: terminal.bytes() }).toEqual({
      code: 2,
      told: `${wrong.sentence(site)}\n`,
      printed: null,
      drawn: 0,
    });
  }
  expect(site.box.requests).toEqual([]);
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { startProgram } from '../../terminal/program.ts';
import { startBox } from '../../terminal/sandboxed.ts';

const CLI = join(import.meta.dirname, '../../../dist/cli.js');

const here = await startBox({ heartbeats: false, churn: false });
const gone = await startBox({ heartbeats: false, churn: false });
beforeAll(() => gone.sandbox.stop());

const textOf = (screen: readonly string[]): string => screen.map((row) => row.trim()).join(' ');

test('with a server that is not there the screen says so, is usable, and is left by q', async () => {
  const screen = startProgram(['--kubeconfig', gone.kubeconfig], {
    columns: 80,
    rows: 24,
    environment: gone.environment,
  });
  const sentence = `X Cannot list nodes at ${gone.sandbox.url}: the connection was refused; check that kube-apiserver runs there and that the kubeconfig names the right address.`;
  await screen.until((rows) => textOf(rows).includes(sentence), sentence);
  expect(screen.isAlternate()).toBe(true);
  screen.press('?');
  await screen.untilText('Keys of the list of nodes');
  screen.press('q');
  await screen.untilText('No node is known.');
  screen.press('q');
  expect((await screen.exited).exitCode).toBe(0);
  expect(screen.isAlternate()).toBe(false);
});

test('with a kubeconfig that is not there no screen is taken, one sentence is told, and the end is 2', async () => {
  const screen = startProgram([], { columns: 80, rows: 24, environment: here.environment });
  expect((await screen.exited).exitCode).toBe(2);
  const home = here.environment.HOME;
  await screen.until((rows) => textOf(rows).includes('No kubeconfig was found'), 'the sentence');
  expect(screen.screen().join('').trim()).toBe(
    `No kubeconfig was found (KUBECONFIG is not set, ${home}/.kube/config and /etc/kubernetes/admin.conf do not exist); name a kubeconfig with --kubeconfig FILE.`,
  );
});

test('where standard output is no terminal the nodes are printed once, and the end is 0', async () => {
  const environment = { ...here.environment, PATH: process.env['PATH'], KUBECONFIG: here.kubeconfig };
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [CLI], { env: environment }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? child.exitCode, stdout, stderr }),
    );
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const [head, ...rows] = ended.stdout.trimEnd().split('\n');
  expect(head).toMatch(/^NAME +STATUS +ROLES /);
  expect(rows.map((row) => row.split(' ')[0])).toEqual(
    [...here.sandbox.world.nodes.values()].map(({ metadata }) => metadata.name).sort(),
  );
});

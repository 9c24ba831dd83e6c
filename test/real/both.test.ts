// What the fast tier asks of the sandbox, asked of real servers; and what both answer about the same site.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster, Given } from '../both/cluster.ts';
import { startSandboxCluster } from '../both/sandbox-cluster.ts';
import { describeConsole, givenCluster } from '../both/suites.ts';
import { describeWalks } from '../both/walks.ts';
import { runProgram } from '../commands/program.ts';
import { temporaryFolder } from '../session/boxed.ts';
import { startSameSite } from './real-cluster.ts';

const given = givenCluster(startSameSite);
describeConsole(given);
describe('the screen', () => describeWalks(given));

describe('a sandbox with the same site', () => {
  const box = givenCluster(() => startSandboxCluster());

  test.each(['nodes', 'node par1-bootstrap', 'node par1-control-1', 'node par1-worker-2'])(
    'answers %s in the same way',
    async (line) => {
      expect(await answer(box, line)).toEqual(await answer(given, line));
    },
  );
});

/** What cannot be the same: who is asked, when, what the server made up, what has happened on it, and what nobody measures there. */
const OWN: ReadonlySet<string> = new Set(['cluster', 'at', 'uid', 'createdAt', 'age', 'events', 'used', 'usedWhy']);
const TIME = /^\d{4}-\d\d-\d\dT/;

async function answer(of: Given, line: string): Promise<unknown> {
  const cluster: Cluster = of();
  const folder = temporaryFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, await cluster.kubeconfig('reader'), { mode: 0o600 });
  const { code, stdout } = await runProgram([...line.split(' '), '-o', 'json'], {
    environment: { KUBECONFIG: kubeconfig, XDG_STATE_HOME: folder, HOME: folder },
  });
  expect(code).toBe(0);
  return JSON.parse(stdout, (key, value: unknown) => {
    if (OWN.has(key)) return undefined;
    return typeof value === 'string' && TIME.test(value) ? 'a time' : value;
  });
}

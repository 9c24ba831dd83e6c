import { expect, test } from 'vitest';
import { createExecPlugin } from '../../../source/links/kubernetes/exec-plugin.ts';

const VERSION = 'client.authentication.k8s.io/v1';
const shell = (script: string, longestRun?: number) =>
  createExecPlugin({
    user: 'one-user',
    exec: { apiVersion: VERSION, command: 'sh', args: ['-c', script] },
    cluster: {},
    environment: process.env,
    now: Date.now,
    interactive: false,
    ...(longestRun === undefined ? {} : { longestRun }),
  });

test('a plugin is believed when it ends, whatever it started and left behind', async () => {
  const credential = (pid: string) =>
    `{"kind":"ExecCredential","apiVersion":"${VERSION}","status":{"token":"token of ${pid}"}}`;
  const { token } = await shell(`sleep 60 & echo '${credential("'$!'")}'`)();
  expect(token).toMatch(/^token of \d+$/);
  process.kill(Number(token?.split(' ').at(-1)));
});

test('a plugin that does not end in time is killed, also one that hears no signal', async () => {
  await expect(shell("trap '' TERM; while :; do sleep 0.1; done", 50)()).rejects.toThrow(
    'The credential plugin sh of user "one-user" ended with SIGKILL; run it by hand to see why.',
  );
});

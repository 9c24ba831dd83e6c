import { describe, expect, it } from 'vitest';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { createSaltWriter, type SaltCommand } from '../../../source/links/salt/writer.ts';

const COMMAND: SaltCommand = {
  what: 'back up on boot',
  namespace: 'kube-system',
  pod: 'salt-master-boot',
  container: 'salt-master',
  command: ['salt'],
  timeout: 1_000,
  log: '/var/log/metalk8s/backup.log on boot',
};

/** What is said of a command that ended so. */
const endOf = async (exitCode: number, stdout: string, stderr = ''): Promise<unknown> =>
  createSaltWriter({ exec: () => Promise.resolve({ exitCode, stdout, stderr }) })
    .run(COMMAND)
    .then(
      () => null,
      (error: unknown) => (error instanceof LinkFailure ? error.message : error),
    );

describe('a command of Salt', () => {
  it.each<[string, number, string, string, string | null]>([
    ['ended well', 0, '{"boot":"Backup done."}', '', null],
    ['tells its one minion alone', 1, '{\n    "boot": "Backup failed: no space"\n}\n', '', ': Backup failed: no space'],
    ['ends its own sentence', 1, '{"boot":"Failed."}', '', ': Failed'],
    ['tells more than a text', 1, '{"boot":{"retcode":5}}', '', ': {"retcode":5}'],
    ['tells of several minions', 1, '{"a":"x","b":"y"}', '', ': {"a":"x","b":"y"}'],
    ['tells no JSON', 2, '', 'ERROR: No return received\n', ': ERROR: No return received'],
    ['tells an error besides', 1, '{"boot":"x"}', 'salt: error', ': salt: error'],
    ['tells nothing', 1, '', '', ''],
  ])('that %s', async (_, code, stdout, stderr, words) => {
    expect(await endOf(code, stdout, stderr)).toBe(
      words === null
        ? null
        : `Cannot back up on boot: Salt ended with code ${code}${words}; look at /var/log/metalk8s/backup.log on boot.`,
    );
  });

  it('is told in a sentence of its length at most', async () => {
    expect(String(await endOf(1, JSON.stringify({ boot: 'x'.repeat(100_000) }))).length).toBeLessThan(700);
  });
});

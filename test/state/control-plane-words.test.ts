import { describe, expect, test } from 'vitest';
import type { BackupCopy } from '../../source/model/control-plane/control-plane.ts';
import { BACKUP_LATE } from '../../source/product/backups.ts';
import { SERVICES } from '../../source/product/services.ts';
import { absent } from '../../source/model/reading.ts';
import { apiServerWords, backupWords, serviceDoubts } from '../../source/state/control-plane-words.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const copy = (node: string | null, started: number | null, given: Partial<BackupCopy> = {}): BackupCopy => ({
  job: `backup-replication-${node ?? 'x'}`,
  node,
  startedAt: started === null ? null : NOW - started,
  endedAt: NOW - HOUR,
  outcome: 'done',
  ...given,
});
const wordsOf = (newest: BackupCopy | null, others: readonly BackupCopy[] = [], age: number | null = HOUR) =>
  backupWords({ newest, age, copies: newest === null ? others : [newest, ...others] });

describe('the newest backup', () => {
  test.each<[string, BackupCopy, readonly BackupCopy[], string]>([
    ['is on all to which it was copied', copy('b', HOUR), [copy('a', HOUR + MINUTE), copy('c', HOUR)], 'a, b and c'],
    ['is not where an older one is', copy('b', HOUR), [copy('a', 25 * HOUR)], 'b'],
    ['is not where copying it failed', copy('b', HOUR), [copy('a', HOUR, { outcome: 'failed' })], 'b'],
    ['is where it is known to be, when no start is told', copy('b', null), [copy('a', HOUR), copy('c', null)], 'b'],
  ])('%s', (_, newest, others, holders) => {
    expect(wordsOf(newest, others)).toEqual({ gravity: 'fine', words: `newest 60m ago, copied to ${holders}` });
  });

  test('that is of no known node is told without one', () => {
    expect(wordsOf(copy(null, HOUR)).words).toBe('newest 60m ago');
  });

  test('is late after a day and what it takes, and none is none', () => {
    expect(wordsOf(copy('a', HOUR), [], BACKUP_LATE).gravity).toBe('fine');
    expect(wordsOf(copy('a', HOUR), [], BACKUP_LATE + 1).gravity).toBe('warning');
    expect(wordsOf(null).words).toBe('no backup was copied to any master');
  });
});

describe('why services are not known', () => {
  const doubted = (why: string) => {
    const [service] = SERVICES;
    if (service === undefined) throw new Error('the product has services');
    return { service, workload: absent(why), standing: 'unknown' } as const;
  };
  const whysOf = (...whys: readonly string[]) => serviceDoubts(whys.map(doubted)).map(({ why }) => why);

  test('is told once, whichever kinds could not be listed', () => {
    const refused = (kind: string) => `Cannot list ${kind}.apps at https://a: refused`;
    expect(whysOf(refused('deployments'), refused('daemonsets'), refused('deployments'))).toEqual([
      'Cannot list deployments.apps and daemonsets.apps at https://a: refused',
    ]);
  });

  test('is told of each right that is missing', () => {
    const missing = (kind: string) => `the right "list ${kind}.apps" is missing`;
    expect(whysOf(missing('deployments'), missing('daemonsets'))).toHaveLength(2);
  });
});

test('an API server that just stopped to answer does so for no time yet', () => {
  const server = {
    address: 'https://a',
    node: null,
    health: absent('lost'),
    lostSince: NOW - 9_999,
    failing: [],
  } as const;
  expect(apiServerWords(server, NOW).words).toBe('no answer');
  expect(apiServerWords(server, NOW + 1).words).toBe('no answer for 10s');
});

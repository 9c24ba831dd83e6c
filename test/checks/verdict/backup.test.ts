import { describe, expect, it } from 'vitest';
import { backup } from '../../../source/checks/verdict/backup.ts';
import type { BackupCopy } from '../../../source/model/control-plane/control-plane.ts';
import { absent, denied, known, stale, type Reading } from '../../../source/model/reading.ts';
import type { BackupStanding } from '../../../source/state/control-plane.ts';
import { controlPlaneOf, HOUR, MINUTE, NOW, sightOf } from './made-sight.ts';

const copy = (ago: number | null, given: Partial<BackupCopy> = {}): BackupCopy => {
  const at = ago === null ? null : NOW - ago;
  return { job: 'backup-replication-m-1', node: 'm-1', startedAt: at, endedAt: at, outcome: 'done', ...given };
};
const standing = (newest: BackupCopy | null, copies: readonly BackupCopy[] = []): BackupStanding => ({
  newest,
  age: typeof newest?.endedAt === 'number' ? NOW - newest.endedAt : null,
  copies,
});
const judge = (reading: Reading<BackupStanding>) =>
  backup(sightOf({ controlPlane: controlPlaneOf({ backup: reading }) }));

describe('the backup', () => {
  it.each([
    ['of six hours ago', known(standing(copy(6 * HOUR))), 'healthy', 'backup 6h ago'],
    ['of 26 hours ago', known(standing(copy(26 * HOUR))), 'healthy', 'backup 26h ago'],
    ['of more than that', known(standing(copy(26 * HOUR + MINUTE))), 'degraded', 'backup: none for 26h'],
    ['that never was', known(standing(null)), 'degraded', 'backup: no archive on the masters is known'],
    ['without an end', known(standing(copy(null))), 'unknown', 'backup: when the newest ended is not told'],
    [
      'that failed on one master',
      known(standing(copy(6 * HOUR), [copy(6 * HOUR), copy(5 * HOUR, { node: 'm-2', outcome: 'failed' })])),
      'degraded',
      'backup 6h ago: the last copy to m-2 failed 5h ago',
    ],
    ['under way', known(standing(copy(23 * HOUR), [copy(0, { outcome: 'running' })])), 'healthy', 'backup 23h ago'],
    ['not asked for', absent('not asked yet'), 'unknown', 'backup: not asked yet'],
    ['not to be read', denied('list jobs.batch'), 'unknown', 'backup: the right "list jobs.batch" is missing'],
    ['seen long ago', stale(standing(copy(6 * HOUR)), NOW - HOUR), 'healthy', 'backup 6h ago'],
  ] as const)('%s', (_, reading, verdict, sentence) => {
    expect(judge(reading)).toMatchObject({ verdict, sentence });
  });
});

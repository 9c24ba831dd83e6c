import type { BackupCopy } from '../../model/control-plane/control-plane.ts';
import { valueOf, whyNot } from '../../model/reading.ts';
import { BACKUP_LATE } from '../../product/backups.ts';
import { steadyAge } from '../../text/age.ts';
import { judged, type Finding } from './judged.ts';
import type { Judge } from './sight.ts';
import type { Reason } from './verdict.ts';

const NEXT: Reason['next'] = { screen: 'control-plane', object: 'backup' };

const failed = ({ node, job, endedAt }: BackupCopy, now: number): Finding => ({
  severity: 'degraded',
  sentence: `the last copy to ${node ?? `a master (${job})`} failed${endedAt === null ? '' : ` ${steadyAge(endedAt, now)} ago`}`,
  since: endedAt,
  next: NEXT,
});

function ageFindings(newest: BackupCopy | null, now: number): readonly Finding[] {
  if (newest === null) return [{ severity: 'degraded', sentence: 'no archive on the masters is known', next: NEXT }];
  const { endedAt } = newest;
  if (endedAt === null) return [{ severity: 'unknown', sentence: 'when the newest ended is not told', next: NEXT }];
  if (now - endedAt <= BACKUP_LATE) return [];
  return [{ severity: 'degraded', sentence: `none for ${steadyAge(endedAt, now)}`, since: endedAt, next: NEXT }];
}

/** The product's own backup, which comes every day, by the Jobs that copy it to the masters. */
export const backup: Judge = ({ controlPlane, now }) => {
  const standing = valueOf(controlPlane.backup);
  if (standing === null)
    return judged('backup', 'backup', [
      { severity: 'unknown', sentence: whyNot(controlPlane.backup) ?? 'not known', next: NEXT },
    ]);
  const { newest, copies } = standing;
  const late = ageFindings(newest, now);
  const endedAt = newest?.endedAt ?? null;
  const headline = endedAt === null || late.length > 0 ? 'backup' : `backup ${steadyAge(endedAt, now)} ago`;
  return judged('backup', headline, [
    ...late,
    ...copies.filter(({ outcome }) => outcome === 'failed').map((copy) => failed(copy, now)),
  ]);
};

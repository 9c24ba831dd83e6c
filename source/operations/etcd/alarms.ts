import type { EtcdAlarm } from '../../model/etcd/etcd.ts';
import { list } from '../../text/words.ts';
import { memberWords, type Survey } from './survey.ts';

/** Whom an alarm is about, in words. */
export const aboutWhom = ({ seats }: Survey, { member: id }: EtcdAlarm): string =>
  id === null
    ? 'a member that etcd does not name'
    : memberWords(seats.find(({ member }) => member.id === id)?.member ?? { id, name: '' });

const alarmsOf = ({ membership }: Survey, kind: string): readonly EtcdAlarm[] =>
  membership.alarms.filter((alarm) => alarm.kind === kind);

/** Who raised the alarm of this kind, each in words. */
export const alarmed = (found: Survey, kind: string): readonly string[] =>
  alarmsOf(found, kind).map((alarm) => aboutWhom(found, alarm));

/** Whether an alarm is about a member that is listed no more: etcd keeps it until it is disarmed. */
const isLeftBehind = ({ seats }: Survey, { member: id }: EtcdAlarm): boolean =>
  id !== null && seats.every(({ member }) => member.id !== id);

/** Removed members of which an alarm CORRUPT is left, each in words. */
export const corruptAndGone = (found: Survey): readonly string[] =>
  alarmsOf(found, 'CORRUPT')
    .filter((alarm) => isLeftBehind(found, alarm))
    .map((alarm) => aboutWhom(found, alarm));

/** A member tells of any alarm of the cluster in place of its health (etcd 3.5). */
const SAYS_CORRUPT = /^ALARM\b.*\bCORRUPT\b/;

/**
 * Whose data differ from those of the others, and what to do, as a sentence; null where no member that is listed may be
 * the one. Disarming would hide it, and no other operation mends it.
 */
export function corruption(found: Survey): string | null {
  const all = alarmsOf(found, 'CORRUPT');
  const standing = all.filter((alarm) => !isLeftBehind(found, alarm));
  const named = standing.filter(({ member }) => member !== null).map((alarm) => aboutWhom(found, alarm));
  if (named.length > 0)
    return (
      `The data of ${list(named, 4)} differ from those of the others (alarm CORRUPT): this would not mend it; ` +
      'replace that member.'
    );
  const isTold = all.length === 0 && found.seats.some(({ health }) => SAYS_CORRUPT.test(health.reason));
  return standing.length === 0 && !isTold
    ? null
    : 'The data of a member differ from those of the others (alarm CORRUPT), and etcd does not say whose: this would ' +
        'not mend it; find it by "etcdctl endpoint hashkv --cluster", replace it, and then disarm by hand.';
}

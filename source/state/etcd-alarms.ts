import type { EtcdMembership } from '../model/etcd/etcd.ts';
import { absent, known, mapReading, valueOf, whyNot, type Reading } from '../model/reading.ts';
import type { OwnRow } from './etcd-rows.ts';

/** An alarm by the key of its row; null where the member that told of it does not say whose it is. */
export type KnownAlarm = { readonly member: string | null; readonly kind: string };

/** A member tells of any alarm of the cluster in place of its health, as in "ALARM NOSPACE" (etcd 3.5). */
const ALARM = /^ALARM (\w+)/;

type Row = Pick<OwnRow, 'key' | 'health'>;

function kindsOfHealth(rows: readonly Row[]): readonly string[] {
  const kinds = rows.flatMap(({ health }) =>
    health.state === 'known' ? (ALARM.exec(health.value.reason)?.[1] ?? []) : [],
  );
  return [...new Set(kinds)];
}

/**
 * The alarms that the list of members came with, and what the members' health tells beyond it. Without a list, a member
 * that is well tells that there is none.
 */
export function etcdAlarms(rows: readonly Row[], membership: Reading<EtcdMembership>): Reading<readonly KnownAlarm[]> {
  const kinds = kindsOfHealth(rows);
  const more = (listed: readonly KnownAlarm[]): readonly KnownAlarm[] => [
    ...listed,
    ...kinds.filter((kind) => !listed.some((alarm) => alarm.kind === kind)).map((kind) => ({ member: null, kind })),
  ];
  if (valueOf(membership) !== null) {
    const all = mapReading(membership, ({ alarms }) => more(alarms));
    return kinds.length > 0 && all.state === 'stale' ? known(all.value) : all;
  }
  if (kinds.length > 0) return known(more([]));
  const isWell = rows.some(({ health }) => health.state === 'known' && health.value.healthy);
  return isWell ? known([]) : mapReading(membership, () => []);
}

/** The kinds of the alarms of one member; absent while there are some of which nobody says whose they are. */
export function alarmsOf({ key }: Row, alarms: Reading<readonly KnownAlarm[]>): Reading<readonly string[]> {
  const all = valueOf(alarms);
  if (all === null) return absent(whyNot(alarms) ?? 'not told');
  const own = all.filter(({ member }) => member === key);
  if (own.length === 0 && all.some(({ member }) => member === null))
    return absent('an alarm was raised, and the list that says whose it is was not read');
  return mapReading(alarms, () => own.map(({ kind }) => kind));
}

import type { EtcdAlarm, EtcdHealth } from './etcd.ts';

/**
 * The health of a member with the reason that it leaves out: etcd before 3.5 gives none, and looks no further once any
 * member raised an alarm. Told as later versions tell it; a reason that was given stays.
 */
export function explained(health: EtcdHealth, alarms: readonly Pick<EtcdAlarm, 'kind'>[]): EtcdHealth {
  if (health.healthy || health.reason !== '' || alarms.length === 0) return health;
  const kinds = [...new Set(alarms.map(({ kind }) => kind))].sort();
  return { healthy: false, reason: `ALARM ${kinds.join(', ')}` };
}

/** Figures of a member that are judged by how large they are: seconds, and the part of the quota that is taken. */
export type Graded = 'fsyncP99' | 'commitP99' | 'roundTrip' | 'quotaUsed';
export type Grade = 'normal' | 'warning' | 'critical';

/**
 * `wanted` is what etcd itself asks for (etcd: "FAQ" for disks, "Tuning" for round trips, which are to stay below the
 * heartbeat), and four fifths of the quota: above it a figure is worth a look. `alert` is where the product raises its
 * alerts (MetalK8s: group `etcd`), which is late.
 */
const LIMITS: Readonly<Record<Graded, { readonly wanted: number; readonly alert: number }>> = {
  fsyncP99: { wanted: 0.01, alert: 0.5 },
  commitP99: { wanted: 0.025, alert: 0.25 },
  roundTrip: { wanted: 0.1, alert: 0.15 },
  quotaUsed: { wanted: 0.8, alert: 0.95 },
};

export const WANTED = { fsyncP99: LIMITS.fsyncP99.wanted, commitP99: LIMITS.commitP99.wanted } as const;

export const gradeOf = (of: Graded, value: number): Grade =>
  value > LIMITS[of].alert ? 'critical' : value > LIMITS[of].wanted ? 'warning' : 'normal';

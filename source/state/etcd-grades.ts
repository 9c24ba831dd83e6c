import { ETCD_ALERTS, ETCD_WANTED } from '../product/etcd.ts';

/** Figures of a member that are judged by how large they are: seconds, and the part of the quota that is taken. */
export type Graded = keyof typeof ETCD_WANTED;
export type Grade = 'normal' | 'warning' | 'critical';

/** Where the first alert of the product about a figure begins, which is late. */
const alertOf = (figure: Graded): number =>
  Math.min(...ETCD_ALERTS.flatMap((alert) => (alert.figure === figure ? [alert.limit] : [])));

const LIMITS: Readonly<Record<Graded, number>> = {
  fsyncP99: alertOf('fsyncP99'),
  commitP99: alertOf('commitP99'),
  roundTrip: alertOf('roundTrip'),
  quotaUsed: alertOf('quotaUsed'),
};

export const WANTED = ETCD_WANTED;

/** How a figure is drawn: a warning by what etcd wants, critical from where the product raises an alert. No verdict. */
export const gradeOf = (of: Graded, value: number): Grade =>
  value > LIMITS[of] ? 'critical' : value > ETCD_WANTED[of] ? 'warning' : 'normal';

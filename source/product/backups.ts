/** MetalK8s copies each archive to the masters by Jobs of this name and the node's, and makes one a day by itself. */
export const BACKUP_JOB = /^backup-replication-/;
export const BACKUP_EVERY = 86_400_000;
/** One is late that is older than this: a day, and what one may take to come to its end. ms. */
export const BACKUP_LATE = BACKUP_EVERY + 2 * 3_600_000;
/** The Jobs that copy one archive are started together, within this, ms. */
export const COPIES_START_WITHIN = 10 * 60_000;

/** MetalK8s copies each archive to the masters by Jobs of this name and the node's, and makes one a day by itself. */
export const BACKUP_JOB = /^backup-replication-/;
export const BACKUP_EVERY = 86_400_000;

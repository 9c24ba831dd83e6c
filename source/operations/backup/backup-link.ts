import type { SaltWriter } from '../../links/salt/writer.ts';
import type { BackupCopy } from '../../model/control-plane/control-plane.ts';

/** What a plan of a backup asks of the cluster. Both reject with a LinkFailure or a ConfigurationError. */
export type BackupReading = {
  /** The copies of archives to the masters, by the Jobs that are there. */
  readonly copies: (signal?: AbortSignal) => Promise<readonly BackupCopy[]>;
  /** Whether this user has the right to do so with pods/exec in the namespace of Salt. */
  readonly mayExec: (verb: 'get' | 'create', signal?: AbortSignal) => Promise<boolean>;
};

/** What the backup needs of the cluster. Both reject as its plan's reading does. */
export type BackupLink = Pick<BackupReading, 'copies'> & {
  /**
   * Runs `backUpCommand` in the container of the Salt master in `pod`; resolves when it ended well, rejects with
   * `unknown-outcome` where it was started and its end is not known.
   */
  readonly backUp: (pod: string, node: string) => Promise<void>;
};

/** The pod of the Salt master is a static one, and its container has a name of its own (MetalK8s: "Salt master"). */
export const SALT_NAMESPACE = 'kube-system';
export const SALT_CONTAINER = 'salt-master';
export const saltMasterPod = (node: string): string => `salt-master-${node}`;

/** Seconds that Salt waits for the minion: a snapshot alone is tried for five minutes (MetalK8s: backup script). */
const SALT_WAITS = 1_800;

/** The function of the product that its own daily schedule runs on the bootstrap node, asked for through the Salt master. */
export const backUpCommand = (node: string): readonly string[] => [
  'salt',
  '--out=json',
  '--static',
  '--retcode-passthrough',
  `--timeout=${SALT_WAITS}`,
  node,
  'metalk8s.backup_node',
];

/** Where the backup of the product writes how far it came (MetalK8s: backup script). */
export const backupLog = (node: string): string => `/var/log/metalk8s/backup.log on ${node}`;

/** Longer than Salt waits, ms. */
const LONGEST = (SALT_WAITS + 60) * 1_000;

/** The backup through the Salt master, with copies as the API server lists them. */
export const backUpBy = (reader: { readonly backups: BackupLink['copies'] }, salt: SaltWriter): BackupLink => ({
  copies: reader.backups,
  backUp: (pod, node) =>
    salt.run({
      what: `back up on ${node}`,
      namespace: SALT_NAMESPACE,
      pod,
      container: SALT_CONTAINER,
      command: backUpCommand(node),
      timeout: LONGEST,
      log: backupLog(node),
    }),
});

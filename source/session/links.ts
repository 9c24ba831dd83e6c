import { createControlPlaneReader } from '../links/control-plane/reader.ts';
import { createEtcdReader } from '../links/etcd/reader.ts';
import { createEtcdWriter } from '../links/etcd/writer.ts';
import { createWriter } from '../links/kubernetes/writer.ts';
import { createSaltWriter } from '../links/salt/writer.ts';
import { backUpBy, SALT_NAMESPACE, type BackupReading } from '../operations/backup/backup-link.ts';
import type { Links } from '../operations/run.ts';
import type { Client } from './client.ts';

/** Everything that steps are sent through and looked at by; no session that is read-only makes it. */
export const openLinks = ({ connection, reader, clock }: Client): Links => ({
  reader,
  writer: createWriter(connection),
  etcd: { reader: createEtcdReader(connection, clock), writer: createEtcdWriter(connection) },
  backup: backUpBy(createControlPlaneReader(connection, clock), createSaltWriter(connection)),
});

/** What a plan of a backup asks; it writes nothing. */
export const backupReading = ({ connection, reader, clock }: Client): BackupReading => ({
  copies: createControlPlaneReader(connection, clock).backups,
  mayExec: (verb, signal) =>
    reader.mayI({ verb, resource: 'pods', subresource: 'exec', namespace: SALT_NAMESPACE }, signal),
});

// kube-apiserver, and its starts and ends during a test.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi, type Api } from './api.ts';
import type { Identity } from './certificates.ts';
import { SERVICE_RANGE } from './containment.ts';
import type { Etcd } from './etcd.ts';
import { startProcess, waitFor, type ServerProcess } from './process.ts';

/** A request that the API server answered, from its audit log. */
export type AuditedRequest = {
  /** The same in both entries of a watch: when it begins, and when it ends. */
  readonly id: string;
  readonly user: string;
  /** get, list, watch, create, update, patch, delete, deletecollection … as RBAC knows them. */
  readonly verb: string;
  /** With its query. */
  readonly path: string;
  /** Missing while a watch is still open. */
  readonly status: number | undefined;
  readonly userAgent: string;
};

export type ApiServer = {
  /** `https://ADDRESS:PORT`, the same through all restarts. */
  readonly url: string;
  /** The running process; another one after a restart. */
  process(): ServerProcess;
  /** Starts it again after `process().stop()`, and waits until it is ready. */
  start(): Promise<void>;
  /** What it was asked since it first started, oldest first. The users in `unaudited` leave no trace. */
  requests(): Promise<AuditedRequest[]>;
};

export type ApiServerOptions = {
  readonly program: string;
  readonly address: string;
  readonly port: number;
  /** Of the machine that it runs on; empty for this one. */
  readonly enter: readonly string[];
  /** Takes the files that the server needs; made and removed by the caller. */
  readonly folder: string;
  readonly etcd: Etcd;
  /** Certificate files of the server; its authority is also the one for clients. */
  readonly files: { readonly authority: string; readonly certificate: string; readonly key: string };
  readonly authority: string;
  /** Somebody of system:masters, to ask for readiness. */
  readonly admin: Identity;
  readonly flags: readonly string[];
};

type AuditLine = {
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly responseStatus?: { readonly code?: number };
};

/**
 * Starts the API server and waits until `/readyz` says so.
 * @throws when it ends or is not ready within a minute, with its last words
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { folder, etcd, files, address, port } = options;
  const url = `https://${address}:${port}`;
  const auditLog = join(folder, 'audit.log');
  const flags = [
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${port}`,
    `--etcd-servers=${etcd.members.map((member) => member.clientUrl).join(',')}`,
    `--etcd-cafile=${etcd.files.authority}`,
    `--etcd-certfile=${etcd.files.certificate}`,
    `--etcd-keyfile=${etcd.files.key}`,
    `--client-ca-file=${files.authority}`,
    `--tls-cert-file=${files.certificate}`,
    `--tls-private-key-file=${files.key}`,
    `--kubelet-certificate-authority=${files.authority}`,
    `--kubelet-client-certificate=${files.certificate}`,
    `--kubelet-client-key=${files.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.certificate}`,
    `--service-account-signing-key-file=${files.key}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    // Nobody here makes the tokens that this plugin wants each pod to have.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
    '--allow-privileged=true',
    `--audit-policy-file=${join(folder, 'audit-policy.json')}`,
    `--audit-log-path=${auditLog}`,
    ...options.flags,
  ];
  const api: Api = createApi(url, options.authority, options.admin);
  let current: ServerProcess;
  const start = async () => {
    current = await startProcess('kube-apiserver', options.program, flags, options.enter);
    try {
      await waitFor('kube-apiserver ready', async () => (await api.ask('GET', '/readyz')).status === 200, {
        server: current,
      });
    } catch (error) {
      await current.stop();
      throw error;
    } finally {
      api.close();
    }
  };
  await start();
  return {
    url,
    process: () => current,
    start,
    async requests() {
      const lines = (await readFile(auditLog, 'utf8')).split('\n').filter((line) => line !== '');
      return lines
        .map((line) => JSON.parse(line) as AuditLine)
        .map(({ auditID, user, verb, requestURI, responseStatus, userAgent }) => ({
          id: auditID,
          user: user.username,
          verb,
          path: requestURI,
          status: responseStatus?.code,
          userAgent: userAgent ?? '',
        }));
    },
  };
}

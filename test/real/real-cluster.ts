import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cluster, Login, Member } from '../both/cluster.ts';
import { startSandboxCluster } from '../both/sandbox-cluster.ts';
import { copySite } from './copied-site.ts';
import { createAuthority } from './servers/certificates.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';
import { CLUSTER_NAME, kubeconfigText, type Credential } from './servers/kubeconfig.ts';
import { READING, USERS } from './servers/users.ts';

const run = promisify(execFile);

const METHODS: Readonly<Record<string, string>> = { create: 'POST', patch: 'PATCH', update: 'PUT', delete: 'DELETE' };

/** A real cluster with the site of the sandbox on it. */
export async function startSameSite(): Promise<Cluster> {
  const [real, box] = await Promise.all([startRealCluster(), startSandboxCluster()]);
  try {
    await copySite(box.api, real.api.admin);
  } catch (error) {
    await real.stop();
    throw error;
  } finally {
    await box.stop();
  }
  const { server } = real;
  let users = 0;
  const restart = async () => {
    await server.process().stop();
    await server.start();
  };
  return {
    url: real.url,
    clusterName: CLUSTER_NAME,
    api: real.api.admin,
    kubeconfig: (user, login = 'certificate') => kubeconfigOf(real, user, login),
    async blindTo(resource) {
      const name = `blind-to-${resource}-${(users += 1)}`;
      const without = READING.map((rule) => ({ ...rule, resources: rule.resources.filter((one) => one !== resource) }));
      return {
        kubeconfig: await real.addUser(name, without),
        async give() {
          const role = `/apis/rbac.authorization.k8s.io/v1/clusterroles/test:${name}`;
          await real.api.admin.do('PATCH', role, { rules: READING }, 'application/merge-patch+json');
        },
      };
    },
    asked: async (user) =>
      (await real.requestsOf(user)).map(({ verb, path, userAgent }) => ({
        method: METHODS[verb] ?? 'GET',
        path,
        userAgent,
      })),
    kill: () => server.process().stop(),
    revive: () => server.start(),
    async forgetPast() {
      await compact(real);
      await restart();
    },
    stop: () => real.stop(),
  };
}

async function kubeconfigOf(real: RealCluster, user: Member, login: Login): Promise<string> {
  if (login === 'certificate' || login === 'token') return real.kubeconfig(user, login);
  return kubeconfigText({
    url: real.url,
    authority: real.authority.certificate,
    user,
    credential: await badCredential(real, user, login),
  });
}

async function badCredential(
  { authority }: RealCluster,
  user: Member,
  login: Exclude<Login, 'certificate' | 'token'>,
): Promise<Credential> {
  const subject = { commonName: user, organizations: USERS[user].groups };
  switch (login) {
    case 'expired-certificate':
      return authority.issue({ ...subject, validUntil: new Date(Date.now() - 1000) });
    case 'foreign-certificate':
      return (await createAuthority('another-authority')).issue(subject);
    case 'wrong-token':
      return { token: 'no-token-of-this-cluster' };
    case 'none':
      return {};
  }
}

/** Makes etcd forget every revision but the present one. */
async function compact({ api, etcd }: RealCluster): Promise<void> {
  const { metadata } = await api.admin.do<{ metadata: { resourceVersion: string } }>('GET', '/api/v1/nodes?limit=1');
  const { authority, certificate, key } = etcd.files;
  const flags = [`--endpoints=${etcd.members[0]?.clientUrl ?? ''}`, `--cacert=${authority}`];
  await run('etcdctl', [...flags, `--cert=${certificate}`, `--key=${key}`, 'compact', metadata.resourceVersion], {
    env: { PATH: process.env['PATH'], ETCDCTL_API: '3' },
  });
}

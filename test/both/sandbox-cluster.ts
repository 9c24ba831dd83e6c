import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { startSandbox, type SandboxOptions } from '../../source/sandbox/sandbox.ts';
import { USERS } from '../../source/sandbox/server/users.ts';
import { createApi } from '../real/servers/api.ts';
import type { Cluster } from './cluster.ts';

const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** Certificate and key of a kubeconfig. */
function identityIn(kubeconfig: string) {
  const { users } = parse(kubeconfig) as { users: { user: Record<string, string> }[] };
  const user = users[0]?.user ?? {};
  return {
    certificate: decoded(user['client-certificate-data'] ?? ''),
    key: decoded(user['client-key-data'] ?? ''),
  };
}

/** A cluster in a box; still, unless the options let it live. */
export async function startSandboxCluster(options: SandboxOptions = {}): Promise<Cluster> {
  const box = await startSandbox({ heartbeats: false, churn: false, ...options });
  const api = createApi(box.url, box.caPem, identityIn(box.kubeconfig()));
  return {
    url: box.url,
    clusterName: 'sandbox-standard',
    api,
    kubeconfig: (user, login) => Promise.resolve(box.kubeconfig(user, login)),
    blindTo(resource) {
      const denied = ['list', 'watch', 'get'].map((verb) => box.deny({ user: 'reader', verb, resource }));
      const give = () => {
        for (const allow of denied) allow();
        return Promise.resolve();
      };
      onTestFinished(give);
      return Promise.resolve({ kubeconfig: box.kubeconfig('reader'), give });
    },
    asked: (user) => Promise.resolve(box.requests.filter((request) => request.user === USERS[user].username)),
    kill: () => box.pause(),
    revive: () => box.resume(),
    forgetPast() {
      box.world.compact();
      return Promise.resolve();
    },
    async stop() {
      api.close();
      await box.stop();
    },
  };
}

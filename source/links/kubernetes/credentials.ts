import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';
import { ConfigurationError, sameCredentials, type ClusterAccess, type Credentials } from './access.ts';
import { createExecPlugin, type ExecPlugin } from './exec-plugin.ts';
import { asArray, asName, asObject, asText } from './fields.ts';
import { chooseContext, kubeconfigVersion, type Choice, type KubeconfigUser, type Surroundings } from './kubeconfig.ts';
import { proxyOf } from './proxy.ts';

/** The operator's flags; the rest comes from the kubeconfig. */
export type AccessFlags = {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
};

/** The clock, and whether a person can be asked before the screen is taken. */
type Terminal = { readonly interactive: boolean; readonly now: () => number };

export const surroundingsOfProcess = (): Surroundings => ({
  environment: process.env,
  home: homedir(),
  root: '',
});

/**
 * Opens the way to the cluster that the flags and the kubeconfig name, running its credential plugin once, so that it
 * can ask on the terminal before there is a screen. After a 401, or when a certificate does not fit, the kubeconfig
 * itself is read again, since an operator or Salt may have mended it; when nobody answers, only if it has changed, since
 * its plugin was not to blame. Rejects with a ConfigurationError.
 */
export async function openAccess(
  flags: AccessFlags,
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<ClusterAccess> {
  const version = () => kubeconfigVersion(flags.kubeconfig, surroundings);
  let read = await version();
  let doubted = false;
  const first = await chooseContext({ file: flags.kubeconfig, context: flags.context }, surroundings);
  const login = createLogin(first, flags, surroundings, terminal);
  let last = await login();
  let opened: Promise<() => Promise<Credentials>> | null = Promise.resolve(login);
  /** The login that `last` came from: once it is left, what is said of `last` is old news. */
  let source = opened;

  const reopen = async () => {
    try {
      read = await version();
      const again = await chooseContext({ file: flags.kubeconfig, context: first.context }, surroundings);
      return createLogin(again, flags, surroundings, { ...terminal, interactive: false });
    } catch (error) {
      opened = null;
      throw error;
    }
  };

  return {
    cluster: first.cluster.name,
    context: first.context,
    user: flags.as ?? asName(first.user?.impersonateUser) ?? first.user?.name ?? 'anonymous',
    namespace: first.namespace,
    server: last.server,
    credentials: async () => {
      if (doubted) {
        doubted = false;
        if ((await version()) !== read) opened = null;
      }
      const current = (opened ??= reopen());
      const credentials = await (await current)();
      source = current;
      return (last = credentials);
    },
    refused: (credentials) => {
      if (opened === source && sameCredentials(credentials, last)) opened = null;
    },
    unanswered: () => {
      doubted = true;
    },
  };
}

/** How one cluster and user of a kubeconfig become credentials, each time anew; who asks meanwhile gets the same. */
function createLogin(
  choice: Choice,
  flags: AccessFlags,
  surroundings: Surroundings,
  terminal: Terminal,
): () => Promise<Credentials> {
  const { cluster } = choice;
  const user = choice.user ?? { name: 'anonymous' };
  const server = serverOf(cluster);
  const verify = !cluster.skipTLSVerify;
  const proxy = proxyOf(server, asName(cluster.proxyUrl), surroundings.environment);
  const impersonated = impersonation(user, flags);
  const plugin = pluginOf(user, { ...cluster, server }, surroundings, terminal);
  let running: Promise<Credentials> | null = null;

  const login = async (): Promise<Credentials> => {
    const given = await plugin?.();
    const { ca, cert, key, authorization } = await written(cluster, user);
    const bearer = given?.token ? `Bearer ${given.token}` : authorization;
    return {
      server,
      ca: verify ? ca : null,
      certificate: given?.certificate ?? cert,
      key: given?.key ?? key,
      servername: asName(cluster.tlsServerName),
      verify,
      headers: { ...(bearer === null ? {} : { Authorization: bearer }), ...impersonated },
      proxy,
    };
  };
  return () =>
    (running ??= login().finally(() => {
      running = null;
    }));
}

/** KubeConfig's own runner shares no run, keeps what the server refused, and tells the plugin nothing. */
function pluginOf(
  user: KubeconfigUser,
  cluster: Cluster,
  { environment }: Surroundings,
  terminal: Terminal,
): ExecPlugin | null {
  const exec = asObject(user.exec);
  if (exec === null) return null;
  const about = {
    server: cluster.server,
    'certificate-authority-data': cluster.caData,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
    'proxy-url': cluster.proxyUrl,
  };
  return createExecPlugin({ user: user.name, exec, cluster: about, environment, ...terminal });
}

/** The API server's address; plain HTTP only to this machine (kubectl proxy), since credentials would travel bare. */
function serverOf({ name, server: written }: Cluster): string {
  const server = written.replace(/\/+$/, '');
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol === 'https:') return server;
  if (url?.protocol !== 'http:')
    throw new ConfigurationError(`Cluster "${name}" names no usable server ("${server}"); write https://HOST:PORT.`);
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
    throw new ConfigurationError(`Cluster "${name}" is reached by plain HTTP, which shows credentials; use https.`);
  return server;
}

/** What the kubeconfig itself and its files hold, or its auth provider gives. */
async function written(cluster: Cluster, user: KubeconfigUser) {
  try {
    const [ca, cert, key] = await Promise.all([
      pemOf(cluster.caFile, cluster.caData),
      pemOf(user.certFile, user.certData),
      pemOf(user.keyFile, user.keyData),
    ]);
    return { ca, cert, key, authorization: await authorizationOf(cluster, user) };
  } catch (error) {
    throw new ConfigurationError(whyUnusable(error, cluster, user), { cause: error });
  }
}

const pemOf = async (file: string | undefined, data: string | undefined): Promise<string | null> =>
  file ? await readFile(file, 'utf8') : data ? Buffer.from(data, 'base64').toString('utf8') : null;

/** A token wins over the auth provider, and either over a password. Client-node is large, and only its providers need it. */
async function authorizationOf(cluster: Cluster, user: KubeconfigUser): Promise<string | null> {
  const provider = asObject(user.authProvider);
  const tokenFile = asName(asObject(provider?.['config'])?.['tokenFile']);
  const token = asText(user.token).trim();
  if (token !== '') return `Bearer ${token}`;
  if (tokenFile !== null) return `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`;
  if (provider !== null) {
    const { optionsFor } = await import('./client-node.ts');
    const { headers } = await optionsFor(cluster, { ...user, exec: null });
    const given = asText(asObject(headers)?.['Authorization']).trim();
    if (given !== '') return given;
  }
  return user.username ? `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}` : null;
}

function whyUnusable(error: unknown, cluster: Cluster, user: KubeconfigUser): string {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const provider = asObject(user.authProvider);
  if (syscall === 'open' || syscall === 'read') {
    const files: [unknown, string][] = [
      [cluster.caFile, `the certificate-authority of cluster "${cluster.name}"`],
      [user.certFile, `the client-certificate of user "${user.name}"`],
      [user.keyFile, `the client-key of user "${user.name}"`],
      [asObject(provider?.['config'])?.['tokenFile'], `the token of user "${user.name}"`],
    ];
    const what = files.find(([file]) => file === path)?.[1];
    const file =
      path && what ? `${path}, ${what},` : `A file that cluster "${cluster.name}" or user "${user.name}" names`;
    return `${file} cannot be read (${code}); mend it or correct the kubeconfig.`;
  }
  return provider === null
    ? `Cluster "${cluster.name}" or user "${user.name}" holds a value that cannot be used; correct the kubeconfig.`
    : `The auth-provider "${asText(provider['name'])}" of user "${user.name}" gave no token; log in again with its own tool.`;
}

/** As kubectl's; KubeConfig knows the name only. */
function impersonation(user: KubeconfigUser, flags: AccessFlags): Record<string, string | readonly string[]> {
  const fields = user.whole ?? {};
  const name = flags.as ?? asName(fields['as']);
  if (name === null) {
    if (flags.asGroups?.length) throw new ConfigurationError('--as-group needs --as; name the user to act as.');
    return {};
  }
  const fromFile = flags.as === undefined;
  const groups = flags.asGroups?.length ? flags.asGroups : fromFile ? asArray(fields['as-groups']).map(asText) : [];
  const uid = fromFile ? asName(fields['as-uid']) : null;
  const extra = fromFile ? Object.entries(asObject(fields['as-user-extra']) ?? {}) : [];
  return {
    'Impersonate-User': name,
    ...(groups.length > 0 ? { 'Impersonate-Group': groups } : {}),
    ...(uid === null ? {} : { 'Impersonate-Uid': uid }),
    ...Object.fromEntries(
      extra.map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, asArray(values).map(asText)]),
    ),
  };
}

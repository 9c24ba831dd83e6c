import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { ConfigurationError, sameCredentials, type ClusterAccess, type Credentials } from './access.ts';
import { openAuthProvider } from './client-node.ts';
import { createExecPlugin, type ExecPlugin } from './exec-plugin.ts';
import { asArray, asName, asObject, asText, type Fields } from './fields.ts';
import { chooseContext, type Choice, type Entry, type Surroundings } from './kubeconfig.ts';

/** The operator's flags; the rest comes from the kubeconfig. */
export type AccessFlags = {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
};

export const surroundingsOfProcess = (): Surroundings => ({
  environment: process.env,
  home: homedir(),
  adminKubeconfig: '/etc/kubernetes/admin.conf',
  serviceAccount: '/var/run/secrets/kubernetes.io/serviceaccount',
});

/**
 * Opens the way to the cluster that the flags and the kubeconfig name, running its credential plugin once, so that it
 * can ask on the terminal before there is a screen. After a 401 the kubeconfig itself is read again, since an operator
 * or Salt may have renewed it. Rejects with a ConfigurationError.
 */
export async function openAccess(
  flags: AccessFlags,
  surroundings: Surroundings,
  terminal: { readonly interactive: boolean; readonly now: () => number },
): Promise<ClusterAccess> {
  const first = await chooseContext({ file: flags.kubeconfig, context: flags.context }, surroundings);
  const login = createLogin(first, flags, surroundings, terminal);
  let last = await login();
  let opened: Promise<() => Promise<Credentials>> | null = Promise.resolve(login);
  /** The login that `last` came from: once it is left, what is said of `last` is old news. */
  let source = opened;

  const reopen = async () => {
    try {
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
    user: flags.as ?? asName(first.user?.fields['as']) ?? first.user?.name ?? 'anonymous',
    namespace: first.namespace,
    server: last.server,
    credentials: async () => {
      const current = (opened ??= reopen());
      const credentials = await (await current)();
      source = current;
      return (last = credentials);
    },
    refused: (credentials) => {
      if (opened === source && sameCredentials(credentials, last)) opened = null;
    },
  };
}

/** How one cluster and user of a kubeconfig become credentials, each time anew. */
function createLogin(
  choice: Choice,
  flags: AccessFlags,
  surroundings: Surroundings,
  terminal: { readonly interactive: boolean; readonly now: () => number },
): () => Promise<Credentials> {
  const { cluster, user } = choice;
  const server = serverOf(cluster);
  const fields = user?.fields ?? {};
  const headers = impersonation(fields, flags);
  const verify = cluster.fields['insecure-skip-tls-verify'] !== true;
  const about = `cluster "${cluster.name}"`;
  const plugin = user === null ? null : pluginOf(user, cluster, server, surroundings, terminal);
  const providerFields = asObject(fields['auth-provider']);
  let provider: Promise<() => Promise<string | null>> | null = null;
  const fromProvider = async () => {
    if (providerFields === null) return null;
    try {
      return await (
        await (provider ??= openAuthProvider(server, providerFields))
      )();
    } catch (error) {
      provider = null;
      throw new ConfigurationError(
        `The auth-provider "${asText(providerFields['name'])}" of user "${user?.name ?? ''}" gave no token; log in again with its own tool.`,
        { cause: error },
      );
    }
  };

  return async () => {
    const given = await plugin?.();
    const authorization = given?.token ? `Bearer ${given.token}` : ((await written(user)) ?? (await fromProvider()));
    return {
      server,
      ca: verify ? await pem(cluster, 'certificate-authority', about) : null,
      certificate: given?.certificate ?? (user && (await pem(user, 'client-certificate', `user "${user.name}"`))),
      key: given?.key ?? (user && (await pem(user, 'client-key', `user "${user.name}"`))),
      servername: asName(cluster.fields['tls-server-name']),
      verify,
      headers: authorization === null ? headers : { ...headers, Authorization: authorization },
      proxy: asName(cluster.fields['proxy-url']),
    };
  };
}

function pluginOf(
  user: Entry,
  cluster: Entry,
  server: string,
  surroundings: Surroundings,
  terminal: { readonly interactive: boolean; readonly now: () => number },
): ExecPlugin | null {
  const exec = asObject(user.fields['exec']);
  if (exec === null) return null;
  const shared = ['certificate-authority-data', 'tls-server-name', 'insecure-skip-tls-verify', 'proxy-url'];
  return createExecPlugin({
    user: user.name,
    exec,
    directory: user.directory,
    cluster: { server, ...Object.fromEntries(shared.map((key) => [key, cluster.fields[key]])) },
    environment: surroundings.environment,
    ...terminal,
  });
}

/** The API server's address; plain HTTP only to this machine (kubectl proxy), since credentials would travel bare. */
function serverOf({ name, fields }: Entry): string {
  const server = asName(fields['server'])?.replace(/\/+$/, '') ?? '';
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol === 'https:') return server;
  if (url?.protocol !== 'http:')
    throw new ConfigurationError(`Cluster "${name}" names no usable server ("${server}"); write https://HOST:PORT.`);
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
    throw new ConfigurationError(`Cluster "${name}" is reached by plain HTTP, which shows credentials; use https.`);
  return server;
}

/** PEM in the kubeconfig (base64, `KEY-data`), which wins as with kubectl, or in the file that it names. */
async function pem({ fields, directory }: Entry, key: string, whose: string): Promise<string | null> {
  const data = asName(fields[`${key}-data`]);
  if (data !== null) return Buffer.from(data, 'base64').toString('utf8');
  const file = asName(fields[key]);
  return file === null ? null : fileOf(resolve(directory, file), `the ${key} of ${whose}`);
}

/** The Authorization that the kubeconfig itself holds: a token file (read each time, kubelets and jobs rotate it) wins. */
async function written(user: Entry | null): Promise<string | null> {
  if (user === null) return null;
  const { fields, directory, name } = user;
  const file = asName(fields['tokenFile']);
  if (file !== null) return `Bearer ${(await fileOf(resolve(directory, file), `the token of user "${name}"`)).trim()}`;
  const token = asName(fields['token']);
  if (token !== null) return `Bearer ${token}`;
  const username = asName(fields['username']);
  if (username === null) return null;
  return `Basic ${Buffer.from(`${username}:${asText(fields['password'])}`).toString('base64')}`;
}

async function fileOf(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigurationError(`${file}, ${what}, cannot be read (${code}); mend it or correct the kubeconfig.`);
  }
}

function impersonation(fields: Fields, flags: AccessFlags): Record<string, string | readonly string[]> {
  const user = flags.as ?? asName(fields['as']);
  if (user === null) {
    if (flags.asGroups?.length) throw new ConfigurationError('--as-group needs --as; name the user to act as.');
    return {};
  }
  const fromFile = flags.as === undefined;
  const groups = flags.asGroups?.length ? flags.asGroups : fromFile ? asArray(fields['as-groups']).map(asText) : [];
  const uid = fromFile ? asName(fields['as-uid']) : null;
  const extra = fromFile ? Object.entries(asObject(fields['as-user-extra']) ?? {}) : [];
  return {
    'Impersonate-User': user,
    ...(groups.length > 0 ? { 'Impersonate-Group': groups } : {}),
    ...(uid === null ? {} : { 'Impersonate-Uid': uid }),
    ...Object.fromEntries(
      extra.map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, asArray(values).map(asText)]),
    ),
  };
}

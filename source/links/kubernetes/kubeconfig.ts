import { readFile, stat } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import { ConfigurationError } from './access.ts';
import { asName, asObject, asObjects, asText, type Fields } from './fields.ts';

/** Where this machine keeps kubeconfigs and what its environment says. */
export type Surroundings = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Folder above etc/kubernetes/admin.conf, which MetalK8s writes on each master, and a pod's var/run/secrets. */
  readonly root: string;
};

/** A user as client-node has it, and all that the file says of it. */
export type KubeconfigUser = User & { readonly whole?: Fields };

/** The context that was chosen, with its cluster and user; `user` is null for a context that names none. */
export type Choice = {
  readonly context: string;
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly user: KubeconfigUser | null;
};

/** For sentences, `source` names the files read, and `incomplete` the entries in them that client-node does not take. */
type Kubeconfig = {
  readonly source: string;
  readonly clusters: readonly Cluster[];
  readonly users: readonly KubeconfigUser[];
  readonly contexts: readonly Context[];
  readonly currentContext: string | null;
  readonly incomplete: { readonly contexts: readonly string[]; readonly clusters: readonly string[] };
};

const named = <T extends { readonly name: string }>(entries: readonly T[], wanted: string | undefined): T | null =>
  entries.find(({ name }) => name === wanted) ?? null;

const ADVICE = 'name a kubeconfig with --kubeconfig FILE';
/** Each makes a few words into many. */
const MOST_ALIASES = 100;
const LENIENT = { onInvalidEntry: 'filter' } as const;

/**
 * Reads the kubeconfig that kubectl would take and picks `context`, or its current one. In order: `file`; the list in
 * KUBECONFIG, merged, the first file to set a thing wins; ~/.kube/config; /etc/kubernetes/admin.conf; the service
 * account of the pod. Rejects with a ConfigurationError that says what is missing or broken.
 */
export async function chooseContext(
  asked: { readonly file?: string | undefined; readonly context?: string | undefined },
  surroundings: Surroundings,
): Promise<Choice> {
  const config = await find(asked.file, surroundings);
  const { source, incomplete } = config;
  const contexts = config.contexts.map(({ name }) => name).join(', ') || 'none there';
  const name = asked.context ?? config.currentContext;
  if (name === null)
    throw new ConfigurationError(`${source} has no current-context; choose one with --context (${contexts}).`);
  const context = named(config.contexts, name);
  if (context === null)
    throw new ConfigurationError(
      incomplete.contexts.includes(name)
        ? `Context "${name}" in ${source} names no cluster; add one to it, or choose another context.`
        : `Context "${name}" is not in ${source}; choose one of ${contexts}.`,
    );
  const cluster = named(config.clusters, context.cluster);
  if (cluster === null)
    throw new ConfigurationError(
      incomplete.clusters.includes(context.cluster)
        ? `Cluster "${context.cluster}" in ${source} names no usable server; write it as https://HOST:PORT.`
        : `Context "${name}" names cluster "${context.cluster}", which ${source} does not hold; add it or choose another context.`,
    );
  const user = named(config.users, context.user);
  if (user === null && asName(context.user) !== null)
    throw new ConfigurationError(
      `Context "${name}" names user "${context.user}", which ${source} does not hold; add it or choose another context.`,
    );
  return { context: name, namespace: context.namespace ?? 'default', cluster, user };
}

/** The files that are looked for, whether they are there or not. */
const filesOf = (file: string | undefined, { environment, home, root }: Surroundings): readonly string[] => {
  if (file !== undefined) return [file];
  const list = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return list.length > 0 ? list : [join(home, '.kube', 'config'), join(root, '/etc/kubernetes/admin.conf')];
};

/** Changes whenever a file does from which `chooseContext` would read now. */
export async function kubeconfigVersion(file: string | undefined, surroundings: Surroundings): Promise<string> {
  const versions = filesOf(file, surroundings).map(async (path) => {
    try {
      const { ino, size, mtimeMs } = await stat(path);
      return `${ino} ${size} ${mtimeMs}`;
    } catch {
      // Not there, or out of reach: what it means is told by whoever reads it.
      return '';
    }
  });
  return (await Promise.all(versions)).join();
}

async function find(file: string | undefined, surroundings: Surroundings): Promise<Kubeconfig> {
  const { environment, home, root } = surroundings;
  if (file !== undefined) {
    const found = await readIfThere(file);
    if (found === null) throw new ConfigurationError(`Kubeconfig ${file} does not exist; correct --kubeconfig.`);
    return found;
  }
  const list = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((entry) => entry !== '');
  if (list.length > 0) {
    const present = (await Promise.all(list.map(readIfThere))).filter((part) => part !== null);
    if (present.length > 0) return present.reduce(merge);
    throw new ConfigurationError(
      `KUBECONFIG names ${list.join(', ')}, which does not exist; correct it, or ${ADVICE}.`,
    );
  }
  const own = join(home, '.kube', 'config');
  const admin = join(root, '/etc/kubernetes/admin.conf');
  const found = (await readIfThere(own)) ?? (await readIfThere(admin)) ?? (await inCluster(surroundings));
  if (found !== null) return found;
  throw new ConfigurationError(
    `No kubeconfig was found (KUBECONFIG is not set, ${own} and ${admin} do not exist); ${ADVICE}.`,
  );
}

/** What an earlier file says stays, as with kubectl. */
function merge(earlier: Kubeconfig, later: Kubeconfig): Kubeconfig {
  const both = <T extends { readonly name: string }>(first: readonly T[], more: readonly T[]) => [
    ...first,
    ...more.filter(({ name }) => named(first, name) === null),
  ];
  return {
    source: `${earlier.source}, ${later.source}`,
    clusters: both(earlier.clusters, later.clusters),
    users: both(earlier.users, later.users),
    contexts: both(earlier.contexts, later.contexts),
    currentContext: earlier.currentContext ?? later.currentContext,
    incomplete: {
      contexts: [...earlier.incomplete.contexts, ...later.incomplete.contexts],
      clusters: [...earlier.incomplete.clusters, ...later.incomplete.clusters],
    },
  };
}

async function readIfThere(file: string): Promise<Kubeconfig | null> {
  try {
    return parse(file, await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new ConfigurationError(`Kubeconfig ${file} cannot be read (${code}); run with sudo, or ${ADVICE}.`);
  }
}

/**
 * What the YAML says, null when it is no mapping. Client-node's own reading of text quotes the file in its errors, which
 * holds keys, and drops what it does not know of a user; so it is read here, and errors of the package go no further.
 */
function readFields(file: string, text: string): Fields | null {
  try {
    const [document, other] = loadAll(text, { schema: CORE_SCHEMA, maxAliases: MOST_ALIASES });
    if (other === undefined) return asObject(document);
  } catch (error) {
    const line = error instanceof YAMLException && error.mark !== undefined ? error.mark.line + 1 : 'unknown';
    throw new ConfigurationError(`Kubeconfig ${file} is not valid YAML (line ${line}); mend that line.`);
  }
  throw new ConfigurationError(`Kubeconfig ${file} holds several documents; leave one of them in it.`);
}

/** An entry that client-node finds incomplete counts only once it is chosen, as with kubectl. */
function parse(file: string, text: string): Kubeconfig {
  const fields = readFields(file, text);
  try {
    if (fields === null) throw new ConfigurationError(`Kubeconfig ${file} is empty or no kubeconfig; ${ADVICE}.`);
    const directory = dirname(resolve(file));
    const clusters = newClusters(fields['clusters'], LENIENT).map((cluster) => clusterIn(cluster, directory));
    const contexts = newContexts(fields['contexts'], LENIENT);
    const missing = (entries: unknown, taken: readonly { readonly name: string }[]) =>
      asObjects(entries).flatMap((entry) => {
        const name = asName(entry['name']);
        return name === null || named(taken, name) !== null ? [] : [name];
      });
    return {
      source: file,
      clusters,
      users: asObjects(fields['users']).flatMap((entry) => usersIn(entry, directory)),
      contexts,
      currentContext: asName(fields['current-context']),
      incomplete: {
        contexts: missing(fields['contexts'], contexts),
        clusters: missing(fields['clusters'], clusters),
      },
    };
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`Kubeconfig ${file} holds a value of the wrong kind; ${ADVICE}.`, {
      cause: error,
    });
  }
}

/** The path of a file, from the folder of the kubeconfig. Throws for what is no path. */
const pathFrom = (directory: string, file: string | undefined): { file: string } | null =>
  file ? { file: resolve(directory, file) } : null;

/** Data wins over the file beside it. */
function clusterIn(cluster: Cluster, directory: string): Cluster {
  const { caFile, ...others } = cluster;
  const ca = cluster.caData ? null : pathFrom(directory, caFile);
  return ca === null ? others : { ...others, caFile: ca.file };
}

/**
 * The user of one entry as kubectl takes it: data wins over the file beside it, `tokenFile`, which client-node knows only
 * from pods, over `token`, and the path of a plugin starts from the kubeconfig.
 */
function usersIn(entry: Fields, directory: string): KubeconfigUser[] {
  const whole = asObject(entry['user']) ?? {};
  const exec = asObject(whole['exec']);
  const command = asText(exec?.['command']);
  const tokenFile = asName(whole['tokenFile']);
  return newUsers([entry], LENIENT).map(({ certFile, keyFile, ...user }) => {
    const cert = user.certData ? null : pathFrom(directory, certFile);
    const key = user.keyData ? null : pathFrom(directory, keyFile);
    return {
      ...user,
      ...(cert && { certFile: cert.file }),
      ...(key && { keyFile: key.file }),
      whole,
      password: user.password ?? '',
      exec: command.includes('/') ? { ...exec, command: resolve(directory, command) } : exec,
      ...(tokenFile === null
        ? { authProvider: providerIn(whole) }
        : { token: '', authProvider: { name: 'tokenFile', config: { tokenFile: resolve(directory, tokenFile) } } }),
    };
  });
}

/** With the issuer of OpenID as a URL, which the library that refreshes its tokens insists on. */
function providerIn(whole: Fields): Fields | null {
  const provider = asObject(whole['auth-provider']);
  const config = asObject(provider?.['config']);
  const issuer = asText(config?.['idp-issuer-url']);
  return URL.canParse(issuer) ? { ...provider, config: { ...config, 'idp-issuer-url': new URL(issuer) } } : provider;
}

/**
 * What a pod is given (Kubernetes, "Accessing the API from a Pod"): an address in its environment, a CA and a token in
 * files, the token anew before it ends.
 */
async function inCluster({ environment, root }: Surroundings): Promise<Kubeconfig | null> {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) return null;
  const secrets = join(root, '/var/run/secrets/kubernetes.io/serviceaccount');
  // A pod without one still has a token.
  const namespace = await readFile(join(secrets, 'namespace'), 'utf8').catch(() => undefined);
  const name = 'inCluster';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const tokenFile = join(secrets, 'token');
  return {
    source: 'the service account of this pod',
    clusters: [{ name, server, caFile: join(secrets, 'ca.crt'), skipTLSVerify: false }],
    users: [{ name: 'inClusterUser', authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [{ name: 'inClusterContext', cluster: name, user: 'inClusterUser', ...(namespace && { namespace }) }],
    currentContext: 'inClusterContext',
    incomplete: { contexts: [], clusters: [] },
  };
}

import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigurationError } from './access.ts';
import { asName, asObject, asObjects, asText, type Fields } from './fields.ts';

/** Where this machine keeps kubeconfigs and what its environment says. */
export type Surroundings = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Folder above etc/kubernetes/admin.conf, which MetalK8s writes on each master, and a pod's var/run/secrets. */
  readonly root: string;
};

/** A user as KubeConfig has it, and all that the file says of it. */
export type KubeconfigUser = User & { readonly whole?: Fields };

/** The context that was chosen, with its cluster and user; `user` is null for a context that names none. */
export type Choice = {
  readonly context: string;
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly user: KubeconfigUser | null;
};

/** For sentences, `source` names the files read, and `incomplete` the entries in them that KubeConfig does not take. */
type Kubeconfig = {
  readonly source: string;
  readonly config: KubeConfig;
  readonly incomplete: { readonly contexts: readonly string[]; readonly clusters: readonly string[] };
};

const ADVICE = 'name a kubeconfig with --kubeconfig FILE';
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
  const { source, config, incomplete } = await find(asked.file, surroundings);
  const contexts = config.contexts.map(({ name }) => name).join(', ') || 'none there';
  const name = asked.context ?? asName(config.currentContext);
  if (name === null)
    throw new ConfigurationError(`${source} has no current-context; choose one with --context (${contexts}).`);
  const context = config.getContextObject(name);
  if (context === null)
    throw new ConfigurationError(
      incomplete.contexts.includes(name)
        ? `Context "${name}" in ${source} names no cluster; add one to it, or choose another context.`
        : `Context "${name}" is not in ${source}; choose one of ${contexts}.`,
    );
  const cluster = config.getCluster(context.cluster);
  if (cluster === null)
    throw new ConfigurationError(
      incomplete.clusters.includes(context.cluster)
        ? `Cluster "${context.cluster}" in ${source} names no usable server; write it as https://HOST:PORT.`
        : `Context "${name}" names cluster "${context.cluster}", which ${source} does not hold; add it or choose another context.`,
    );
  const user: KubeconfigUser | null = config.getUser(context.user);
  if (user === null && asName(context.user) !== null)
    throw new ConfigurationError(
      `Context "${name}" names user "${context.user}", which ${source} does not hold; add it or choose another context.`,
    );
  return { context: name, namespace: context.namespace ?? 'default', cluster, user };
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
  const found = (await readIfThere(own)) ?? (await readIfThere(admin)) ?? inCluster(surroundings);
  if (found !== null) return found;
  throw new ConfigurationError(
    `No kubeconfig was found (KUBECONFIG is not set, ${own} and ${admin} do not exist); ${ADVICE}.`,
  );
}

/** What an earlier file says stays, as with kubectl; KubeConfig refuses a second entry and takes the last context. */
function merge(earlier: Kubeconfig, later: Kubeconfig): Kubeconfig {
  const { config } = earlier;
  const more = later.config;
  more.clusters = more.clusters.filter(({ name }) => config.getCluster(name) === null);
  more.users = more.users.filter(({ name }) => config.getUser(name) === null);
  more.contexts = more.contexts.filter(({ name }) => config.getContextObject(name) === null);
  config.mergeConfig(more, asName(config.currentContext) !== null);
  const both = (kind: keyof Kubeconfig['incomplete']) => [...earlier.incomplete[kind], ...later.incomplete[kind]];
  return {
    source: `${earlier.source}, ${later.source}`,
    config,
    incomplete: { contexts: both('contexts'), clusters: both('clusters') },
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
 * KubeConfig's own reading of text quotes the file in its errors, which holds keys, and drops what it does not know of
 * a user; so the YAML is read here. An entry that it finds incomplete counts only once it is chosen, as with kubectl.
 */
function parse(file: string, text: string): Kubeconfig {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: true });
  const error = document.errors[0];
  if (error !== undefined)
    throw new ConfigurationError(
      `Kubeconfig ${file} is not valid YAML (line ${error.linePos?.[0].line ?? 'unknown'}); mend that line.`,
    );
  try {
    const fields = asObject(document.toJS({ maxAliasCount: 100 }));
    if (fields === null) throw new ConfigurationError(`Kubeconfig ${file} is empty or no kubeconfig; ${ADVICE}.`);
    const directory = dirname(resolve(file));
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: newClusters(fields['clusters'], LENIENT),
      users: asObjects(fields['users']).flatMap((entry) => usersIn(entry, directory)),
      contexts: newContexts(fields['contexts'], LENIENT),
      currentContext: asName(fields['current-context']),
    });
    for (const cluster of config.clusters) if (cluster.caData) delete cluster.caFile;
    config.makePathsAbsolute(directory);
    const missing = (entries: unknown, taken: readonly { readonly name: string }[]) =>
      asObjects(entries).flatMap((entry) => {
        const name = asName(entry['name']);
        return name === null || taken.some((one) => one.name === name) ? [] : [name];
      });
    const incomplete = {
      contexts: missing(fields['contexts'], config.contexts),
      clusters: missing(fields['clusters'], config.clusters),
    };
    return { source: file, config, incomplete };
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`Kubeconfig ${file} holds a value of the wrong kind; ${ADVICE}.`, {
      cause: error,
    });
  }
}

/**
 * The user of one entry as kubectl takes it: data wins over the file beside it, `tokenFile`, which KubeConfig knows only
 * from pods, over `token`, and the path of a plugin starts from the kubeconfig.
 */
function usersIn(entry: Fields, directory: string): KubeconfigUser[] {
  const whole = asObject(entry['user']) ?? {};
  const exec = asObject(whole['exec']);
  const command = asText(exec?.['command']);
  const tokenFile = asName(whole['tokenFile']);
  return newUsers([entry], LENIENT).map((user) => {
    if (user.certData) delete user.certFile;
    if (user.keyData) delete user.keyFile;
    return {
      ...user,
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

/** What a pod is given, with the address that is in the environment of this process. */
function inCluster({ environment, root }: Surroundings): Kubeconfig | null {
  if (!environment['KUBERNETES_SERVICE_HOST'] || !environment['KUBERNETES_SERVICE_PORT']) return null;
  const config = new KubeConfig();
  config.loadFromCluster(root);
  return { source: 'the service account of this pod', config, incomplete: { contexts: [], clusters: [] } };
}

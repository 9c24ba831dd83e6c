import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigurationError } from './access.ts';
import { asName, asObject, asObjects, type Fields } from './fields.ts';

/** Where this machine keeps kubeconfigs and what its environment says. */
export type Surroundings = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The admin kubeconfig that MetalK8s writes on each master, readable by root. */
  readonly adminKubeconfig: string;
  /** Folder with token, ca.crt and namespace inside a pod. */
  readonly serviceAccount: string;
};

/** A named entry of a kubeconfig, and the folder that its relative paths start from. */
export type Entry = { readonly name: string; readonly fields: Fields; readonly directory: string };

/** The context that was chosen, with its cluster and user; `user` is null for a context that names none. */
export type Choice = {
  readonly context: string;
  readonly namespace: string;
  readonly cluster: Entry;
  readonly user: Entry | null;
};

type Kubeconfig = {
  /** For sentences: the files read. */
  readonly source: string;
  readonly currentContext: string | null;
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
};

const ADVICE = 'name a kubeconfig with --kubeconfig FILE';

/**
 * Reads the kubeconfig that kubectl would take and picks `context`, or its current one. In order: `file`; the list in
 * KUBECONFIG, merged, the first file to set a thing wins; ~/.kube/config; /etc/kubernetes/admin.conf; the service
 * account of the pod. Rejects with a ConfigurationError that says what is missing or broken.
 */
export async function chooseContext(
  asked: { readonly file?: string | undefined; readonly context?: string | undefined },
  surroundings: Surroundings,
): Promise<Choice> {
  const kubeconfig = await find(asked.file, surroundings);
  const name = asked.context ?? kubeconfig.currentContext;
  if (name === null)
    throw new ConfigurationError(
      `${kubeconfig.source} has no current-context; choose one with --context (${namesOf(kubeconfig.contexts)}).`,
    );
  const context = named(kubeconfig.contexts, name);
  if (context === null)
    throw new ConfigurationError(
      `Context "${name}" is not in ${kubeconfig.source}; choose one of ${namesOf(kubeconfig.contexts)}.`,
    );
  const userName = asName(context.fields['user']);
  return {
    context: name,
    namespace: asName(context.fields['namespace']) ?? 'default',
    cluster: part(kubeconfig, 'cluster', kubeconfig.clusters, name, asName(context.fields['cluster'])),
    user: userName === null ? null : part(kubeconfig, 'user', kubeconfig.users, name, userName),
  };
}

function part(kubeconfig: Kubeconfig, kind: string, entries: readonly Entry[], context: string, name: string | null) {
  if (name === null)
    throw new ConfigurationError(
      `Context "${context}" in ${kubeconfig.source} names no ${kind}; add "${kind}:" to it.`,
    );
  const entry = named(entries, name);
  if (entry === null)
    throw new ConfigurationError(
      `Context "${context}" names ${kind} "${name}", which ${kubeconfig.source} does not hold; add it or choose another context.`,
    );
  return entry;
}

const named = (entries: readonly Entry[], name: string) => entries.find((entry) => entry.name === name) ?? null;
const namesOf = (entries: readonly Entry[]) => entries.map((entry) => entry.name).join(', ') || 'none there';

async function find(file: string | undefined, surroundings: Surroundings): Promise<Kubeconfig> {
  if (file !== undefined) return merge([await read(file, '--kubeconfig')]);
  const list = (surroundings.environment['KUBECONFIG'] ?? '').split(delimiter).filter((entry) => entry !== '');
  if (list.length > 0) {
    const present = (await Promise.all(list.map(readIfThere))).filter((part) => part !== null);
    if (present.length > 0) return merge(present);
    throw new ConfigurationError(
      `KUBECONFIG names ${list.join(', ')}, which does not exist; correct it, or ${ADVICE}.`,
    );
  }
  const own = join(surroundings.home, '.kube', 'config');
  for (const place of [own, surroundings.adminKubeconfig]) {
    const found = await readIfThere(place);
    if (found !== null) return merge([found]);
  }
  const inside = inCluster(surroundings);
  if (inside !== null) return inside;
  throw new ConfigurationError(
    `No kubeconfig was found (KUBECONFIG is not set, ${own} and ${surroundings.adminKubeconfig} do not exist); ${ADVICE}.`,
  );
}

/** One part a file; what an earlier file says stays, as with kubectl. */
function merge(parts: readonly Kubeconfig[]): Kubeconfig {
  const firstOfEach = (entries: readonly Entry[]) =>
    entries.filter((entry, index) => entries.findIndex((other) => other.name === entry.name) === index);
  return {
    source: parts.map((part) => part.source).join(', '),
    currentContext: parts.map((part) => part.currentContext).find((name) => name !== null) ?? null,
    contexts: firstOfEach(parts.flatMap((part) => part.contexts)),
    clusters: firstOfEach(parts.flatMap((part) => part.clusters)),
    users: firstOfEach(parts.flatMap((part) => part.users)),
  };
}

async function readIfThere(file: string): Promise<Kubeconfig | null> {
  const text = await textOf(file);
  return text === null ? null : parse(file, text);
}

async function read(file: string, where: string): Promise<Kubeconfig> {
  const found = await readIfThere(file);
  if (found === null) throw new ConfigurationError(`Kubeconfig ${file} does not exist; correct ${where}.`);
  return found;
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new ConfigurationError(`Kubeconfig ${file} cannot be read (${code}); run with sudo, or ${ADVICE}.`);
  }
}

/** The parser's own messages quote the file, which holds keys, so only the line is told. */
function parse(file: string, text: string): Kubeconfig {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: true });
  const error = document.errors[0];
  if (error !== undefined)
    throw new ConfigurationError(`Kubeconfig ${file} is not valid YAML (line ${lineOf(error)}); mend that line.`);
  const fields = asObject(document.toJS({ maxAliasCount: 100 }));
  if (fields === null) throw new ConfigurationError(`Kubeconfig ${file} is empty or no kubeconfig; ${ADVICE}.`);
  const directory = dirname(resolve(file));
  const entries = (list: string, key: string) =>
    asObjects(fields[list]).flatMap((item): Entry[] => {
      const name = asName(item['name']);
      return name === null ? [] : [{ name, fields: asObject(item[key]) ?? {}, directory }];
    });
  return {
    source: file,
    currentContext: asName(fields['current-context']),
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  };
}

const lineOf = (error: { readonly linePos?: readonly { readonly line: number }[] | undefined }) =>
  error.linePos?.[0]?.line ?? 'unknown';

/** What a pod is given: an address in the environment, and files that the kubelet keeps fresh. */
function inCluster({ environment, serviceAccount }: Surroundings): Kubeconfig | null {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) return null;
  const entry = (fields: Fields): Entry => ({ name: 'in-cluster', fields, directory: serviceAccount });
  return {
    source: 'the service account of this pod',
    currentContext: 'in-cluster',
    contexts: [entry({ cluster: 'in-cluster', user: 'in-cluster' })],
    clusters: [
      entry({
        server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
        'certificate-authority': 'ca.crt',
      }),
    ],
    users: [entry({ tokenFile: 'token' })],
  };
}

// Nodes, pods and events that a test makes past the console, and what it reads of them.
import { onTestFinished } from 'vitest';
import type { Api } from '../real/servers/api.ts';
import type { List, NodeObject, NodeCondition, PodObject, Taint } from '../real/wire.ts';

const MERGE = 'application/merge-patch+json';
let made = 0;
const newName = (kind: string): string => `made-${kind}-${(made += 1)}-${process.pid}`;

/** What of a node an operator edits, as the server has it; null for what is not there. */
export type Editable = {
  readonly labels: Readonly<Record<string, string>> | null;
  readonly taints: readonly Taint[] | null;
  readonly unschedulable: true | null;
};

/** Deletes what may be gone already. */
async function gone(api: Api, path: string, options?: object): Promise<void> {
  const { status } = await api.ask('DELETE', path, options);
  if (status !== 200 && status !== 404) throw new Error(`DELETE ${path}: ${status}`);
}

const nodePath = (name: string): string => `/api/v1/nodes/${name}`;

/** Creates a node with exactly these labels and taints. */
export async function createNode(api: Api, name: string, given: Partial<Editable> = {}): Promise<NodeObject> {
  const { labels = { 'kubernetes.io/hostname': name }, taints = null, unschedulable = null } = given;
  const manifest = { apiVersion: 'v1', kind: 'Node', metadata: { name, ...(labels && { labels }) } };
  await api.do('POST', '/api/v1/nodes', manifest);
  // The server gives a new node a taint of its own.
  return api.do<NodeObject>('PATCH', nodePath(name), { spec: { taints, unschedulable } }, MERGE);
}

/** A node for one test; its name. */
export async function makeNode(api: Api, given: Partial<Editable> = {}): Promise<string> {
  const name = newName('node');
  onTestFinished(() => gone(api, nodePath(name)));
  await createNode(api, name, given);
  return name;
}

export type StoredNode = NodeObject & {
  readonly metadata: { readonly resourceVersion: string; readonly managedFields: readonly { manager: string }[] };
};

export const nodeObject = (api: Api, name: string): Promise<StoredNode> => api.do('GET', nodePath(name));

/** Taints by which controllers of the cluster follow the state of a node. */
const isOwnOfCluster = ({ key }: Taint): boolean => key.startsWith('node.kubernetes.io/');

function editable({ metadata, spec }: NodeObject): Editable {
  const taints = (spec?.taints ?? []).filter((taint) => !isOwnOfCluster(taint));
  return {
    labels: metadata.labels ?? null,
    taints: taints.length === 0 ? null : taints,
    unschedulable: spec?.unschedulable === true ? true : null,
  };
}

export const editableOf = async (api: Api, name: string): Promise<Editable> => editable(await nodeObject(api, name));

export async function editableIfThere(api: Api, name: string): Promise<Editable | null> {
  const { status, body } = await api.ask('GET', nodePath(name));
  return status === 404 ? null : editable(body as NodeObject);
}

/** Changes a node as another operator would. */
export const changeNode = (api: Api, name: string, patch: object): Promise<NodeObject> =>
  api.do('PATCH', nodePath(name), patch, MERGE);

export const deleteNode = (api: Api, name: string): Promise<unknown> => api.do('DELETE', nodePath(name));

export async function recreateNode(api: Api, name: string): Promise<string> {
  await deleteNode(api, name);
  return (await createNode(api, name)).metadata.uid ?? '';
}

/** Writes the status as the node's kubelet does all the time. */
export function beat(api: Api, name: string): Promise<NodeObject> {
  const now = new Date().toISOString();
  const ready: NodeCondition = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  return api.do('PATCH', `${nodePath(name)}/status`, { status: { conditions: [ready] } }, MERGE);
}

const PODS = '/api/v1/namespaces/default/pods';

/** A pod on a node, for one test; its name. */
export async function makePod(api: Api, nodeName: string): Promise<string> {
  const name = newName('pod');
  onTestFinished(() => deletePod(api, name));
  const containers = [{ name: 'main', image: 'none', resources: { requests: { cpu: '10m' } } }];
  await api.do('POST', PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeName, containers } });
  return name;
}

export const setPhase = (api: Api, name: string, phase: string): Promise<PodObject> =>
  api.do('PATCH', `${PODS}/${name}/status`, { status: { phase } }, MERGE);

export const deletePod = (api: Api, name: string) => gone(api, `${PODS}/${name}`, { gracePeriodSeconds: 0 });

const EVENTS = '/api/v1/namespaces/default/events';

/** An event about a node for each message, for one test; their names. */
export async function makeEvents(api: Api, node: string, ...messages: readonly string[]): Promise<readonly string[]> {
  const names = messages.map(() => newName('event'));
  onTestFinished(() => deleteEvents(api, names));
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  const create = (name: string, place: number) =>
    api.do('POST', EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name },
      involvedObject: { apiVersion: 'v1', kind: 'Node', name: node, uid: node },
      reason: 'Tried',
      message: messages[place],
      source: { component: 'tests' },
      type: 'Normal',
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    });
  await Promise.all(names.map(create));
  return names;
}

export async function deleteEvents(api: Api, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => gone(api, `${EVENTS}/${name}`)));
}

export const listOf = async <T>(api: Api, path: string): Promise<readonly T[]> =>
  (await api.do<List<T>>('GET', path)).items;

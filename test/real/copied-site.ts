// Gives a real cluster the same site as a sandbox, object by object: the real server judges on the way whether they are well formed.
import type { Api } from './servers/api.ts';
import type { List, Metadata, NodeObject, PodObject } from './wire.ts';

const MERGE = 'application/merge-patch+json';

type Namespace = { readonly metadata: Metadata };

/** What of the metadata is for the creator of an object to say. */
const given = ({ name, namespace, labels, annotations }: Metadata): Metadata => ({
  name,
  ...(namespace !== undefined && { namespace }),
  ...(labels && { labels }),
  ...(annotations && { annotations }),
});

const all = async <T>(api: Api, path: string): Promise<readonly T[]> => (await api.do<List<T>>('GET', path)).items;

/**
 * Copies namespaces, nodes and pods with their status from one cluster to another.
 * @throws at the first object that the server refuses, with its message
 */
export async function copySite(from: Api, to: Api): Promise<void> {
  const put = async (path: string, object: NodeObject | PodObject, metadata: Metadata) => {
    const { status, ...rest } = object;
    await to.do('POST', path, { ...rest, metadata });
    await to.do('PATCH', `${path}/${metadata.name}/status`, { status }, MERGE);
  };
  for (const { metadata } of await all<Namespace>(from, '/api/v1/namespaces')) {
    const { status } = await to.ask('POST', '/api/v1/namespaces', { metadata: given(metadata) });
    if (status === 409)
      await to.do('PATCH', `/api/v1/namespaces/${metadata.name}`, { metadata: given(metadata) }, MERGE);
  }
  for (const node of await all<NodeObject>(from, '/api/v1/nodes')) {
    await put('/api/v1/nodes', node, given(node.metadata));
    // A new node gets a taint of the server's own.
    await to.do('PATCH', `/api/v1/nodes/${node.metadata.name}`, { spec: { taints: node.spec?.taints ?? null } }, MERGE);
  }
  await Promise.all(
    (await all<PodObject>(from, '/api/v1/pods')).map((pod) => {
      const { ownerReferences, namespace = '' } = pod.metadata;
      const metadata = { ...given(pod.metadata), ...(ownerReferences && { ownerReferences }) };
      return put(`/api/v1/namespaces/${namespace}/pods`, pod, metadata);
    }),
  );
}

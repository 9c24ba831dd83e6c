import type { ClusterNode } from '../../model/kubernetes/node.ts';
import type { Connection } from './connection.ts';
import { decodeNode } from './decode.ts';
import { LinkFailure, mayHaveBeenDone, protocolFailure } from './failure.ts';
import { about, READS } from './reads.ts';

/** An operation of a JSON patch (RFC 6902) as it is sent. */
export type WirePatchOperation = { readonly op: string; readonly path: string; readonly value?: unknown };

export type NodePatch = {
  readonly name: string;
  readonly patch: readonly WirePatchOperation[];
  /** The server checks it and changes nothing. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
};

/** The one way in which the console changes something through the API server. */
export type KubernetesWriter = {
  /**
   * Sends a JSON patch and resolves with the Node as it stands then, or would. Rejects with a LinkFailure: 422 is kind
   * `invalid`, for a `test` that fails as for a value that the server refuses (a fresh read tells which); kind
   * `unknown-outcome` when it may have been done; any other kind when it was not.
   */
  readonly patchNode: (patch: NodePatch) => Promise<ClusterNode>;
};

export const FIELD_MANAGER = 'metalk8s-console';

export function createWriter(connection: Connection): KubernetesWriter {
  return {
    patchNode: async ({ name, patch, dryRun, signal }) => {
      const what = dryRun ? `check a change of node ${name}` : `change node ${name}`;
      const asked = { what, server: connection.access.server };
      try {
        const answer = await connection.json({
          what,
          method: 'PATCH',
          path: about(READS.node, name).path,
          query: { fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: 'All' } : {}) },
          body: JSON.stringify(patch),
          contentType: 'application/json-patch+json',
          ...(signal ? { signal } : {}),
        });
        const node = decodeNode(answer);
        if (node === null) throw protocolFailure(asked, 'the answer is no Node');
        return node;
      } catch (error) {
        if (dryRun || !(error instanceof LinkFailure) || !mayHaveBeenDone(error)) throw error;
        throw error.reworded(
          `Whether node ${name} was changed is unknown, since no clear answer came (${error.message.replace(/\.$/, '')}); look at the node before trying again.`,
          'unknown-outcome',
        );
      }
    },
  };
}

import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { PatchOperation } from './operation.ts';

/** The reading and the writing of one node, as operations need them. Both reject with a LinkFailure. */
export type NodeReading = { node(name: string, signal?: AbortSignal): Promise<ClusterNode> };

export type NodeWriting = {
  patchNode(request: {
    readonly name: string;
    readonly patch: readonly PatchOperation[];
    readonly dryRun: boolean;
    readonly signal?: AbortSignal;
  }): Promise<ClusterNode>;
};

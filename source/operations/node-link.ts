import type { KubernetesReader } from '../links/kubernetes/reader.ts';
import type { KubernetesWriter } from '../links/kubernetes/writer.ts';

/** The reading and the writing of one node, as operations need them. Both reject as the link says. */
export type NodeReading = Pick<KubernetesReader, 'node'>;
export type NodeWriting = Pick<KubernetesWriter, 'patchNode'>;

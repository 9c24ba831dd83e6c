import { z } from 'zod';
import { certificates, controlPlane } from './control-plane.ts';
import { etcd } from './etcd.ts';
import { headroom } from './headroom.ts';
import { health } from './health.ts';
import { journal } from './journal.ts';
import { nodeList } from './node-list.ts';
import { node } from './node.ts';
import { operation } from './operation.ts';
import { pendingPods } from './pending.ts';
import { sandbox } from './sandbox.ts';

/** Every kind of answer, by the name of its file in docs/schemas. */
export const KINDS = {
  'node-list': nodeList,
  node,
  headroom,
  'pending-pods': pendingPods,
  health,
  etcd,
  'control-plane': controlPlane,
  certificates,
  operation,
  journal,
  sandbox,
} as const;

/** The JSON Schema (2020-12) of each kind. */
export const jsonSchemas = (): Record<keyof typeof KINDS, object> =>
  Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, z.toJSONSchema(kind)])) as unknown as Record<
    keyof typeof KINDS,
    object
  >;

import { VERSION_LABEL } from '../product/keys.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Change } from './operation.ts';

type LabelChange = Extract<Change, { field: 'label' }>;

/** What a change of a label that somebody else reads or writes will do; null where the rule does not apply. */
type Rule = {
  readonly keys: (key: string) => boolean;
  readonly severity: NodeEffect['severity'];
  readonly says: (change: LabelChange) => string | null;
};

const oneOf =
  (...keys: readonly string[]) =>
  (key: string) =>
    keys.includes(key);

/** The first rule that speaks of a key is told. */
const RULES: readonly Rule[] = [
  {
    keys: oneOf(VERSION_LABEL),
    severity: 'warning',
    says: ({ after }) =>
      after === null
        ? `without the label ${VERSION_LABEL} Salt applies nothing to the node any more`
        : `Salt applies MetalK8s ${after} to the node from its next run on`,
  },
  {
    keys: oneOf('kubernetes.io/hostname'),
    severity: 'warning',
    says: () =>
      'local volumes and pods are bound to a node by kubernetes.io/hostname; the kubelet sets it again when it starts',
  },
  {
    keys: oneOf('kubernetes.io/os', 'kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/arch'),
    severity: 'warning',
    says: ({ key }) => `the kubelet sets ${key} again when it starts`,
  },
  {
    keys: oneOf('topology.kubernetes.io/region', 'topology.kubernetes.io/zone'),
    severity: 'note',
    says: ({ key, after }) =>
      after === null ? `MetalK8s sets ${key} to "default" with the next deployment of the node` : null,
  },
  {
    keys: (key) => /(^|\.)(kubernetes|k8s)\.io\//.test(key) && !key.startsWith('node-role.kubernetes.io/'),
    severity: 'note',
    says: ({ key }) => `the prefix of ${key} is reserved for Kubernetes`,
  },
];

/** Warnings and notes about labels that Kubernetes or MetalK8s read or set by themselves; those of roles apart. */
export const labelEffects = (changes: readonly Change[]): readonly NodeEffect[] =>
  changes.flatMap((change) => {
    if (change.field !== 'label') return [];
    const rule = RULES.find(({ keys }) => keys(change.key));
    const says = rule?.says(change) ?? null;
    return rule === undefined || says === null ? [] : [{ severity: rule.severity, says }];
  });

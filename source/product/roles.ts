/** The five roles of a MetalK8s node (guide: "Node Roles"), in the order in which they are always listed. */
export const ROLES = ['bootstrap', 'master', 'etcd', 'infra', 'node'] as const;
export type Role = (typeof ROLES)[number];

const ROLE_PREFIX = 'node-role.kubernetes.io/';

/** Made once: a key that is put together anew is looked up slowly, and every node is asked for each. */
const LABELS = Object.fromEntries(ROLES.map((role) => [role, ROLE_PREFIX + role])) as Readonly<Record<Role, string>>;

/** The label key that carries a role; its value is always the empty string (MetalK8s guide). */
export const roleLabel = (role: Role): string => LABELS[role];

/** The single letter that stands for a role in narrow columns. */
export const ROLE_LETTERS: Record<Role, string> = { bootstrap: 'B', master: 'M', etcd: 'E', infra: 'I', node: 'N' };

/** The role that a label or taint key names, or null for any other key. */
export function roleOfKey(key: string): Role | null {
  if (!key.startsWith(ROLE_PREFIX)) return null;
  const name = key.slice(ROLE_PREFIX.length);
  return ROLES.find((role) => role === name) ?? null;
}

/** Roles whose taint (same key as the label, no value, NoSchedule) the product uses; `node` has none. */
export const TAINTED_ROLES = ['bootstrap', 'master', 'etcd', 'infra'] as const satisfies readonly Role[];

/**
 * The taints that a run of the bootstrap or restore script puts back on the bootstrap node, unless the node carries
 * the `node` role label (MetalK8s: bootstrap node update).
 */
export const BOOTSTRAP_TAINTS = ['bootstrap', 'infra'] as const satisfies readonly Role[];

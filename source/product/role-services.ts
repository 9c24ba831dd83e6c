import type { Role } from './roles.ts';

/** What the product itself runs on the nodes of a role, by node selector, and the taints of roles that it tolerates. */
export type RoleService = { readonly name: string; readonly role: Role; readonly tolerates: readonly Role[] };

/** MetalK8s: charts and manifests of its add-ons. Static pods, and what tolerates every taint, are left out. */
export const ROLE_SERVICES: readonly RoleService[] = [
  { name: 'monitoring', role: 'infra', tolerates: ['bootstrap', 'infra'] },
  { name: 'the web UIs', role: 'infra', tolerates: ['bootstrap', 'infra'] },
  { name: 'CoreDNS', role: 'infra', tolerates: ['bootstrap', 'infra'] },
  { name: 'the control-plane ingress', role: 'master', tolerates: ['bootstrap', 'master', 'infra'] },
  { name: 'calico-kube-controllers', role: 'master', tolerates: ['bootstrap', 'master', 'infra'] },
  { name: 'cert-manager', role: 'master', tolerates: ['bootstrap', 'infra'] },
];

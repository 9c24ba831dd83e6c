import { roleLabel, type Role } from '../../../product/roles.ts';
import type { Toleration } from '../../wire.ts';
import { IMAGE_REGISTRY } from '../machines.ts';

/** An image of the product. */
export const product = (name: string, version: string): string => `${IMAGE_REGISTRY}/${name}:${version}`;

export const tolerates = (...roles: Role[]): Toleration[] =>
  roles.map((role) => ({ key: roleLabel(role), operator: 'Exists', effect: 'NoSchedule' }));
/** Every taint with these two effects. */
export const toleratesAll: Toleration[] = [
  { operator: 'Exists', effect: 'NoSchedule' },
  { operator: 'Exists', effect: 'NoExecute' },
];
export const onRole = (role: Role): Record<string, string> => ({ [roleLabel(role)]: '' });
export const onLinux = { 'kubernetes.io/os': 'linux' };
/** Where the services of the product run. */
export const infra = { nodeSelector: onRole('infra'), tolerations: tolerates('bootstrap', 'infra') };

export const named = (name: string): Record<string, string> => ({ 'app.kubernetes.io/name': name });

/** Where keys are pressed: a screen, or a part of one that takes keys in its own way. */
export const SCOPES = [
  'nodes',
  'node',
  'group',
  'sort',
  'filter',
  'labels',
  'taints',
  'roles',
  'pending',
  'pending-pod',
  'headroom',
  'loss',
  'fits',
  'input',
  'plan',
  'answer',
  'running',
  'help',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Those with rows to move along. */
export const LISTS: readonly Scope[] = [
  'nodes',
  'node',
  'group',
  'sort',
  'labels',
  'taints',
  'roles',
  'pending',
  'pending-pod',
  'headroom',
  'loss',
  'plan',
  'answer',
  'help',
];

/**
 * Amounts of the resources that the scheduler counts, as exact integers in the scheduler's own units:
 * CPU in millicores, memory and ephemeral storage in bytes, each quantity rounded up to a whole unit.
 * The API server itself rounds every quantity up to a thousandth, so CPU loses nothing.
 */
export type Amounts = { readonly cpu: number; readonly memory: number; readonly ephemeralStorage: number };

/** Resources of which a node has an amount. */
export const AMOUNT_NAMES = ['cpu', 'memory', 'ephemeralStorage'] as const satisfies readonly (keyof Amounts)[];

/** What a node offers; a resource that its status does not name is null. */
export type NodeAmounts = {
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly ephemeralStorage: number | null;
  readonly pods: number | null;
};

export const NO_AMOUNTS: Amounts = { cpu: 0, memory: 0, ephemeralStorage: 0 };

export const addAmounts = (one: Amounts, other: Amounts): Amounts => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
  ephemeralStorage: one.ephemeralStorage + other.ephemeralStorage,
});

export const subtractAmounts = (one: Amounts, other: Amounts): Amounts => ({
  cpu: one.cpu - other.cpu,
  memory: one.memory - other.memory,
  ephemeralStorage: one.ephemeralStorage - other.ephemeralStorage,
});

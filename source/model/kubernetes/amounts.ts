/**
 * Amounts of the resources that the scheduler counts, as exact integers in the scheduler's own units:
 * CPU in millicores, memory and ephemeral storage in bytes, each quantity rounded up to a whole unit.
 * The API server itself rounds every quantity up to a thousandth, so CPU loses nothing.
 */
export type Amounts = { readonly cpu: number; readonly memory: number; readonly ephemeralStorage: number };

/** What a node offers; a resource that its status does not name is null. */
export type NodeAmounts = {
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly ephemeralStorage: number | null;
  readonly pods: number | null;
};

export const NO_AMOUNTS: Amounts = { cpu: 0, memory: 0, ephemeralStorage: 0 };

const MOST = Number.MAX_SAFE_INTEGER;

/** The sum of each resource, capped at 2^53-1: what stands there may be more, and nothing can be taken from it. */
export const addAmounts = (one: Amounts, other: Amounts): Amounts => ({
  cpu: Math.min(MOST, one.cpu + other.cpu),
  memory: Math.min(MOST, one.memory + other.memory),
  ephemeralStorage: Math.min(MOST, one.ephemeralStorage + other.ephemeralStorage),
});

/** Whether every amount is what was added to it, and none the cap of `addAmounts`. */
export const areExact = ({ cpu, memory, ephemeralStorage }: Amounts): boolean =>
  cpu < MOST && memory < MOST && ephemeralStorage < MOST;

/** The inverse of `addAmounts` for amounts that are exact. */
export const subtractAmounts = (one: Amounts, other: Amounts): Amounts => ({
  cpu: one.cpu - other.cpu,
  memory: one.memory - other.memory,
  ephemeralStorage: one.ephemeralStorage - other.ephemeralStorage,
});

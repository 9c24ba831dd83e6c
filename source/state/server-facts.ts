import { ConfigurationError } from '../links/kubernetes/access.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import type { KubernetesReader } from '../links/kubernetes/reader.ts';
import type { ServerFacts } from '../model/cluster-event.ts';
import type { Store } from './store.ts';

export type FactsReader = Pick<KubernetesReader, 'version' | 'metalk8sVersion' | 'mayI' | 'ping'>;

/** Adds to what the store knows of the server; `base` is what is known before anything was asked. */
export const tellServer = (store: Store, base: ServerFacts, now: () => number, facts: Partial<ServerFacts>): void =>
  store.dispatch({ type: 'server', at: now(), facts: { ...(store.state.server ?? base), ...facts } });

/** What is asked of the server, or null when it does not answer that: the lists and watches say why. Aborts pass on. */
export async function askedOrNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LinkFailure || error instanceof ConfigurationError) return null;
    throw error;
  }
}

/** Asks which versions run there, and keeps what was known of the one that is not told. */
export async function askVersions(
  reader: FactsReader,
  tell: (facts: Partial<ServerFacts>) => void,
  signal?: AbortSignal,
): Promise<void> {
  const [kubernetesVersion, metalk8sVersion] = await Promise.all([
    askedOrNull(reader.version(signal)),
    askedOrNull(reader.metalk8sVersion(signal)),
  ]);
  tell({
    ...(kubernetesVersion !== null && { kubernetesVersion }),
    ...(metalk8sVersion !== null && { metalk8sVersion }),
  });
}

/** Asks once whether this user may change nodes, and keeps the answer; where there is none it stays untold. */
export async function askRights(
  reader: FactsReader,
  store: Store,
  now: () => number,
  signal?: AbortSignal,
): Promise<void> {
  if (store.state.rights.patchNodes !== null) return;
  const patchNodes = await askedOrNull(reader.mayI({ verb: 'patch', resource: 'nodes' }, signal));
  if (patchNodes !== null) store.dispatch({ type: 'rights', at: now(), rights: { patchNodes } });
}

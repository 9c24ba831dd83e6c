import { pause } from './clock.ts';
import type { Connection } from './connection.ts';
import { LinkFailure, protocolFailure } from './failure.ts';
import { asObject } from './fields.ts';
import type { Follow } from './list-watch.ts';
import { createSight } from './sight.ts';

/** The sources of metrics.k8s.io measure every 15 to 60 seconds. */
const POLL_EVERY = 30_000;
/** Metrics may be installed, and rights given, while the console runs. */
const ASK_AGAIN = 60_000;

/**
 * Keeps asking for a resource that cannot be watched, until the signal aborts. Tells the same events as
 * `followResource`, never rejects, and sends two requests a minute at most.
 */
export async function pollResource<T extends { readonly uid: string }>(
  follow: Omit<Follow<T>, 'random' | 'connection'> & {
    readonly connection: Pick<Connection, 'json' | 'access'>;
    readonly what: string;
  },
): Promise<void> {
  const { connection, listing, clock, signal, decode, what } = follow;
  const way = follow.reachability.join(signal, follow.leads === true);
  const ask = way.watched(connection.json);
  const emit: Follow<T>['emit'] = (event) => (signal.aborted ? undefined : follow.emit(event));
  const sight = createSight(listing.name, clock, (status) => void emit({ type: 'status', at: clock.now(), status }));
  sight.loading(0, null);
  while (!signal.aborted) {
    try {
      const answer = asObject(
        await ask({ what, method: 'GET', path: listing.path, query: listing.query ?? {}, signal }),
      );
      const items = answer?.['items'];
      if (!Array.isArray(items))
        throw protocolFailure({ what, server: connection.access.server }, 'the answer is no list');
      await emit({ type: 'list-started', at: clock.now() });
      await emit({ type: 'listed', at: clock.now(), items: items.map(decode).filter((item) => item !== null) });
      await emit({ type: 'list-ended', at: clock.now() });
      sight.listed();
      sight.live();
      await pause(clock, POLL_EVERY, signal);
    } catch (failure) {
      let wait = POLL_EVERY;
      if (sight.failed(failure, 'list') !== 'lost') wait = ASK_AGAIN;
      else if (failure instanceof LinkFailure && failure.retryAfter !== null) wait = Math.max(wait, failure.retryAfter);
      await way.again({ failure, wait, what, tell: (other) => void sight.failed(other, 'list') });
    }
  }
}

import { followResource } from '../../../source/links/kubernetes/list-watch.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { FakeClock, seededRandom } from './fake-clock.ts';
import { decodeThing, FakeServer, type Thing } from './fake-server.ts';
import { Picture } from './picture.ts';

/** A resource of a server that is followed, with what is seen of it and what there is. */
export function started(
  server = new FakeServer(),
  seed = 1,
  clock = new FakeClock(),
  connection = server.connection(),
) {
  const picture = new Picture<Thing>();
  const stop = new AbortController();
  const ended = followResource<Thing>({
    connection,
    listing: { name: 'things', path: '/things' },
    decode: decodeThing,
    emit: picture.take,
    clock,
    random: seededRandom(seed),
    reachability: createReachability(clock, seededRandom(seed)),
    signal: stop.signal,
  });
  return {
    server,
    clock,
    picture,
    seen: () => [...picture.items.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    there: () => [...server.things.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    end: async () => {
      stop.abort(new Error('stopped'));
      await ended;
    },
  };
}

/** How many lists a server was asked for. */
export const lists = (server: FakeServer) =>
  server.requests.filter((request) => request.query?.['watch'] === undefined && !request.query?.['continue']).length;

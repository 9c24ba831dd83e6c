import type { ResourceStatus } from '../../model/cluster-event.ts';
import type { Clock } from './clock.ts';
import { LinkFailure } from './failure.ts';

/** How well one resource is seen, told whenever that changes. */
export type Sight = {
  readonly loading: (loaded: number, total: number | null) => void;
  /** The server told something about the resource just now. */
  readonly heard: () => void;
  /** The list is whole. */
  readonly listed: () => void;
  readonly live: () => void;
  /** Tells what the failure means for the resource, and returns what the next attempt depends on. */
  readonly failed: (error: unknown, verb: 'list' | 'watch') => 'denied' | 'absent' | 'starting' | 'lost';
};

/** A server that is starting forbids everything for a moment: not a right that was taken away. */
const FORBIDDEN_WHILE_STARTING = 10_000;

export function createSight(name: string, clock: Clock, tell: (status: ResourceStatus) => void): Sight {
  let told: ResourceStatus | null = null;
  let heardAt: number | null = null;
  let wasListed = false;
  let wasLive = false;
  let forbiddenSince: number | null = null;

  const say = (status: ResourceStatus) => {
    if (told !== null && JSON.stringify(told) === JSON.stringify(status)) return;
    told = status;
    tell(status);
  };
  /** What is shown is the last picture; without one there is nothing. */
  const lost = (why: string) =>
    say(wasListed && heardAt !== null ? { state: 'stale', since: heardAt, why } : { state: 'absent', why });

  return {
    loading: (loaded, total) => {
      if (!wasListed) say({ state: 'loading', loaded, total });
    },
    heard: () => {
      heardAt = clock.now();
    },
    listed: () => {
      wasListed = true;
      heardAt = clock.now();
    },
    live: () => {
      wasLive = true;
      forbiddenSince = null;
      say({ state: 'live' });
    },
    failed: (error, verb) => {
      const why = error instanceof Error ? error.message : String(error);
      const kind = error instanceof LinkFailure ? error.kind : null;
      if (kind === 'forbidden') {
        forbiddenSince ??= clock.now();
        if (wasLive && clock.now() - forbiddenSince < FORBIDDEN_WHILE_STARTING) {
          lost(why);
          return 'starting';
        }
        say({ state: 'denied', right: `${verb} ${name}`, why });
        return 'denied';
      }
      forbiddenSince = null;
      lost(why);
      return kind === 'not-found' ? 'absent' : 'lost';
    },
  };
}

import { createBackoff } from './backoff.ts';
import { pause, type Clock } from './clock.ts';
import type { Request } from './connection.ts';
import { LinkFailure, type FailureKind } from './failure.ts';

/**
 * Whether the server answers this console at all, which one follower finds out for all of them.
 *
 * Whoever gets no answer (nobody is reached, or nobody's credentials are good) waits until somebody else of the console
 * does. Meanwhile one of those that wait asks, each in its turn, with waits that grow together. When there is an answer
 * the leading follower goes first, and after its answer the rest, spread over a moment: a server that comes back is not
 * met by everything at once. Whoever was cut off in the middle of an answer keeps its own wait, but does not go while
 * another one finds out. An answer that refuses one thing is its follower's own.
 */
export type Reachability = {
  /** Adds a follower, until its signal aborts; one that `leads` goes first when the server is back. */
  readonly join: (signal: AbortSignal, leads: boolean) => Way;
};

/** The way of one follower to the server. */
export type Way = {
  /** The same function, watched for whether the server answers. */
  readonly watched: <Asked extends Pick<Request, 'signal'>, T>(
    ask: (asked: Asked) => Promise<T>,
  ) => (asked: Asked) => Promise<T>;
  /**
   * After a failure, resolves when the follower is to ask again, or at the abort: after `wait` ms, but where the failure
   * is the link's, not before the server is known to answer or this follower is the one to find out. Never rejects.
   */
  readonly again: (lost: Lost) => Promise<void>;
};

type Lost = {
  readonly failure: unknown;
  readonly wait: number;
  /** What is asked next, as in "watch nodes". */
  readonly what: string;
  /** Hears why another one got no answer either, in a sentence about `what`. */
  readonly tell: (failure: unknown) => void;
};

type Member = { readonly leads: boolean };
type Waiting = Lost & { readonly unanswered: boolean; readonly go: () => void; due: number };

/** ms over which what waited goes on, once the server answers: with the shortest wait before it, two seconds. */
const SPREAD = 1_200;

/** Failures that everything else would meet as well. */
const OF_EVERYTHING: readonly FailureKind[] = ['refused', 'unreachable', 'timeout', 'certificate'];

const isUnanswered = (failure: unknown): boolean =>
  !(failure instanceof LinkFailure) ||
  failure.kind === 'unauthorized' ||
  (failure.status === null && OF_EVERYTHING.includes(failure.kind));

const isCut = (failure: unknown): boolean => failure instanceof LinkFailure && isUnanswered(failure);

export function createReachability(clock: Clock, random: () => number): Reachability {
  const backoff = createBackoff(clock, random);
  const waiting = new Map<Member, Waiting>();
  /** Nobody was answered since somebody was lost. */
  let inDoubt = false;
  /** Whose answer the others wait for. */
  let ahead: Member | null = null;
  /** While in doubt nobody asks before. */
  let notBefore = -Infinity;
  let cancel: () => void = () => undefined;

  const send = (member: Member, { go }: Waiting, first: boolean) => {
    waiting.delete(member);
    if (first) ahead = member;
    go();
  };

  const schedule = (): void => {
    cancel();
    cancel = () => undefined;
    if (ahead !== null) return;
    let next: [Member, Waiting] | null = null;
    for (const entry of waiting) if (next === null || entry[1].due < next[1].due) next = entry;
    if (next === null) return;
    const [member, lost] = next;
    const at = inDoubt ? Math.max(lost.due, notBefore) : lost.due;
    cancel = clock.after(Math.max(0, at - clock.now()), () => {
      send(member, lost, inDoubt);
      schedule();
    });
  };

  const spread = () => {
    for (const lost of waiting.values()) {
      const at = clock.now() + random() * SPREAD;
      lost.due = lost.unanswered ? at : Math.max(lost.due, at);
    }
  };

  const answered = (member: Member): void => {
    backoff.healthy();
    if (!inDoubt && ahead !== member) return;
    inDoubt = false;
    ahead = null;
    notBefore = -Infinity;
    const leader = [...waiting].find(([{ leads }]) => leads);
    if (leader === undefined) spread();
    else send(...leader, true);
    schedule();
  };

  const lose = (member: Member): void => {
    inDoubt = true;
    if (ahead === member) ahead = null;
  };

  const unanswered = (member: Member, failure: unknown): void => {
    lose(member);
    // What was on its way together is one attempt.
    if (clock.now() >= notBefore) notBefore = clock.now() + backoff.next(null);
    for (const { what, tell } of waiting.values())
      tell(failure instanceof LinkFailure ? failure.asking(what) : failure);
    schedule();
  };

  return {
    join: (signal, leads) => {
      const member: Member = { leads };
      let last: unknown = null;
      const leave = () => {
        waiting.get(member)?.go();
        waiting.delete(member);
        if (ahead === member) ahead = null;
        schedule();
      };
      signal.addEventListener('abort', leave, { once: true });
      return {
        watched: (ask) => async (asked) => {
          try {
            const answer = await ask(asked);
            answered(member);
            return answer;
          } catch (error) {
            if (asked.signal?.aborted === true) throw error;
            if (isUnanswered(error)) unanswered(member, (last = error));
            else answered(member);
            throw error;
          }
        },
        again: (lost) => {
          const isKnown = lost.failure === last;
          if (signal.aborted || !(isKnown || isCut(lost.failure))) return pause(clock, lost.wait, signal);
          lose(member);
          return new Promise((go) => {
            waiting.set(member, { ...lost, unanswered: isKnown, go, due: clock.now() + lost.wait });
            schedule();
          });
        },
      };
    },
  };
}

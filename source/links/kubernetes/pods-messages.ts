import type { PodRow } from '../../model/kubernetes/pod.ts';
import type { ClusterAccess, Credentials } from './access.ts';
import type { FollowEvent } from './list-watch.ts';
import type { Listing } from './pages.ts';

// What the main thread and the thread that reads pods say to each other. The main thread alone runs credential plugins
// and reads files, so the other asks it before each request.

/** What the thread is born with. */
export type PodsTask = {
  readonly access: Omit<ClusterAccess, 'credentials' | 'refused' | 'unanswered'>;
  readonly userAgent: string;
  readonly listing: Listing;
};

export type ToThread =
  | {
      readonly type: 'credentials';
      readonly credentials: Credentials;
      /** Addresses to try when the first does not answer. */
      readonly otherDoors: readonly string[];
    }
  | { readonly type: 'no-credentials'; readonly why: string }
  /** One `told` was taken in. */
  | { readonly type: 'taken' };

export type FromThread =
  | { readonly type: 'ask-credentials' }
  | { readonly type: 'refused' | 'unanswered'; readonly credentials: Credentials }
  | {
      readonly type: 'told';
      readonly event: FollowEvent<PodRow>;
      /** Requests sent since the last message. */
      readonly requests: number;
    };

import type { Items, Resource } from '../../model/cluster-event.ts';
import type { ClusterAccess, Credentials } from './access.ts';
import type { FollowEvent } from './list-watch.ts';

// What the main thread and the thread that follows resources say to each other. The main thread alone runs credential
// plugins and reads files, so the other asks it before each request.

/** What the thread is born with. */
export type ThreadTask = {
  readonly access: Omit<ClusterAccess, 'credentials' | 'refused' | 'unanswered'>;
  readonly userAgent: string;
};

/** What is told of any resource. */
export type ToldEvent = FollowEvent<Items[Resource]>;

/** `id` is the main thread's number for one follower of a resource. */
export type ToThread =
  | { readonly type: 'follow'; readonly id: number; readonly resource: Resource }
  | { readonly type: 'leave'; readonly id: number }
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
      readonly id: number;
      readonly event: ToldEvent;
      /** Requests sent since the last message. */
      readonly requests: number;
    };

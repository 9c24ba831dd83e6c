import { realClock, type Clock } from '../links/kubernetes/clock.ts';
import type { Store } from '../state/store.ts';
import type { BackupLink } from './backup/backup-link.ts';
import type { EtcdReading, EtcdWriting } from './etcd/etcd-link.ts';
import type { Journal } from './journal.ts';
import type { NodeReading, NodeWriting } from './node-link.ts';
import type { Patience, Watching } from './observe.ts';
import type { StepResult } from './operation.ts';

/** What steps are sent through and looked at by. */
export type Links = {
  readonly reader: NodeReading;
  readonly writer: NodeWriting;
  readonly etcd: { readonly reader: EtcdReading; readonly writer: EtcdWriting };
  readonly backup: BackupLink;
};

/** What a run needs. Without a live picture (`store` null) effects are seen by reading what was changed. */
export type Run = Links & {
  readonly journal: Journal;
  readonly store: Store | null;
  readonly now: () => number;
  readonly who: string;
  readonly context: string;
  /** Set when the operator chose the context in place of the current one; the lines of the plan name it. */
  readonly chosenContext?: string | undefined;
  readonly patience?: Patience;
  /** The time in which effects are waited for; that of this machine unless given. */
  readonly clock?: Clock | undefined;
  /** Stops before the next step; what was sent is still looked at once. */
  readonly signal?: AbortSignal;
  /** Stops before the next step; what was sent is seen to its end. */
  readonly stop?: AbortSignal | undefined;
};

/** How the sending of one step ended. */
export type End = Pick<StepResult, 'state' | 'why'>;

/** By which time a run waits for effects, and what ends its waiting. */
export const watchingOf = ({ clock = realClock, signal = new AbortController().signal }: Run): Watching => ({
  clock,
  signal,
});

import type { FollowEvent } from '../../../source/links/kubernetes/list-watch.ts';
import type { ResourceStatus } from '../../../source/model/cluster-event.ts';

/** The picture that the events draw, kept by the rules of the contract and nothing else. */
export class Picture<T extends { readonly uid: string }> {
  readonly items = new Map<string, T>();
  readonly events: FollowEvent<T>[] = [];
  status: ResourceStatus | null = null;
  #named: Set<string> | null = null;

  readonly take = (event: FollowEvent<T>) => {
    this.events.push(event);
    switch (event.type) {
      case 'status':
        this.status = event.status;
        return;
      case 'list-started':
        this.#named = new Set();
        return;
      case 'list-ended':
        for (const uid of this.items.keys()) if (this.#named?.has(uid) === false) this.items.delete(uid);
        this.#named = null;
        return;
      case 'listed':
      case 'changed':
        for (const item of event.items) {
          this.items.set(item.uid, item);
          this.#named?.add(item.uid);
        }
        return;
      case 'deleted':
        for (const uid of event.uids) this.items.delete(uid);
        return;
      case 'heard':
        return;
    }
  };

  statuses() {
    return this.events.flatMap((event) => (event.type === 'status' ? [event.status] : []));
  }
}

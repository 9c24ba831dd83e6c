import { absent, denied, known, stale, type Reading } from '../model/reading.ts';
import type { ResourceView } from './cluster-state.ts';

/** What was made of a resource, as far as the resource is seen; `beingRead` says that it is on its way. */
export function seen<T>(value: T, { status }: ResourceView, beingRead: string): Reading<T> {
  switch (status.state) {
    case 'live':
      return known(value);
    case 'stale':
      return stale(value, status.since);
    case 'loading':
      return absent(beingRead);
    case 'denied':
      return denied(status.right);
    case 'absent':
      return absent(status.why);
  }
}

import type { ResourceStatus } from '../../model/cluster-event.ts';
import { steadyAge } from '../../text/age.ts';
import type { Finding } from './judged.ts';

/** What a picture that is not whole and fresh keeps from being known; nothing while it is live. */
export function pictureFindings(status: ResourceStatus, what: string, now: number): readonly Finding[] {
  const unknown = (sentence: string, since: number | null = null): readonly Finding[] => [
    { severity: 'unknown', sentence, since },
  ];
  switch (status.state) {
    case 'live':
      return [];
    case 'loading':
      return unknown('being read');
    case 'stale':
      return unknown(`not seen since ${steadyAge(status.since, now)}`, status.since);
    case 'denied':
      return unknown(`no right to ${status.right}`);
    case 'absent':
      return unknown(`no picture of the ${what}`);
  }
}

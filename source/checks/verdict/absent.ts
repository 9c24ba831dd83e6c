import { absentArea } from './judged.ts';
import type { Judge } from './sight.ts';

// Areas that the console does not look at: they say so, and are no part of the whole.

const unread = (area: 'alerts' | 'monitoring' | 'salt', what: string): Judge => {
  const verdict = absentArea(area, `this version does not read ${what}`);
  return () => verdict;
};

export const alerts = unread('alerts', 'Alertmanager');
export const monitoring = unread('monitoring', 'Prometheus');
export const salt = unread('salt', 'Salt');

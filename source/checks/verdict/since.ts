import { AGE_STEP, steadyAge } from '../../text/age.ts';

/** " since 4m", to stand behind a clause; nothing where nobody knows since when, or it has only just begun. */
export const sinceWords = (since: number | null, now: number): string =>
  since === null || now - since < AGE_STEP ? '' : ` since ${steadyAge(since, now)}`;

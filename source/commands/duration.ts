const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Milliseconds of `30s`, `5m`, `1h30m`, `2d`; null when the text is no duration or is not above zero. */
export function parseDuration(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  let milliseconds = 0;
  for (const [, amount, unit] of text.matchAll(PART))
    milliseconds += Number(amount) * UNITS[unit as keyof typeof UNITS];
  return milliseconds > 0 && Number.isSafeInteger(Math.round(milliseconds)) ? Math.round(milliseconds) : null;
}

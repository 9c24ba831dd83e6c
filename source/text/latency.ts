const twoFigures = (value: number): string => String(value < 10 ? Number(value.toFixed(1)) : Math.round(value));

/** Seconds that something takes, as 0.4ms, 14ms or 1.2s. What takes any time at all is never told as none. */
export function latency(seconds: number): string {
  if (seconds > 0 && seconds < 0.0001) return '<0.1ms';
  return seconds < 0.9995 ? `${twoFigures(seconds * 1_000)}ms` : `${twoFigures(seconds)}s`;
}

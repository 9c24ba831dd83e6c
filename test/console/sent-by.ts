import { KEYS } from './emulator.ts';

/** What a terminal sends for each named key of the table. */
const SENT: Readonly<Record<string, string>> = {
  down: KEYS.down,
  up: KEYS.up,
  left: KEYS.left,
  right: KEYS.right,
  pagedown: KEYS.pageDown,
  pageup: KEYS.pageUp,
  home: KEYS.home,
  end: KEYS.end,
  enter: KEYS.enter,
  escape: KEYS.escape,
  tab: KEYS.tab,
  'shift-tab': KEYS.shiftTab,
  space: ' ',
};

/** What a terminal sends for a key by its name in the table; a letter is itself. */
export const sentBy = (name: string): string => {
  const control = /^ctrl-([a-z])$/.exec(name)?.[1];
  const sent = control === undefined ? (SENT[name] ?? name) : String.fromCharCode(control.charCodeAt(0) - 96);
  if (sent === name && name.length > 2) throw new Error(`nobody knows what a terminal sends for ${name}`);
  return sent;
};

import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stateFolder } from '../../source/configuration/state-folder.ts';

describe('the folder for what must be remembered', () => {
  it.each<[string, Record<string, string>, string]>([
    ['XDG_STATE_HOME', { XDG_STATE_HOME: '/var/state', HOME: '/home/ada' }, '/var/state/metalk8s-console'],
    ['else under the home folder', { HOME: '/home/ada' }, '/home/ada/.local/state/metalk8s-console'],
    [
      'a relative one is not taken',
      { XDG_STATE_HOME: 'state', HOME: '/home/ada' },
      '/home/ada/.local/state/metalk8s-console',
    ],
    ['an empty one is not taken', { XDG_STATE_HOME: '', HOME: '/home/ada' }, '/home/ada/.local/state/metalk8s-console'],
    ['without a home, that of the account', {}, join(homedir(), '.local', 'state', 'metalk8s-console')],
  ])('%s', (_, environment, folder) => {
    expect(stateFolder(environment)).toBe(folder);
  });
});

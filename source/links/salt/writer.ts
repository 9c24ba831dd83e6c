import type { Connection } from '../kubernetes/connection.ts';
import { LinkFailure } from '../kubernetes/failure.ts';

/** A command of Salt, in the container of the Salt master. */
export type SaltCommand = {
  readonly what: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** ms until it must have ended. */
  readonly timeout: number;
};

/** The writing side of Salt. */
export type SaltWriter = {
  /**
   * Runs the command once and resolves when it ended well. Rejects with a LinkFailure, with Salt's own words where it
   * ended badly.
   */
  readonly run: (command: SaltCommand) => Promise<void>;
};

const LONGEST_WORDS = 500;

export const createSaltWriter = (connection: Pick<Connection, 'exec'>): SaltWriter => ({
  async run(command) {
    const { exitCode, stdout, stderr } = await connection.exec(command);
    if (exitCode === 0) return;
    const words = (stderr.trim() === '' ? stdout : stderr).trim().slice(0, LONGEST_WORDS);
    throw new LinkFailure({
      kind: 'server',
      message: `Cannot ${command.what}: Salt ended with code ${exitCode}${words === '' ? '' : `: ${words}`}.`,
      what: command.what,
      detail: words === '' ? null : words,
      sent: true,
    });
  },
});

import type { Connection } from '../kubernetes/connection.ts';
import { LinkFailure } from '../kubernetes/failure.ts';
import { asObject } from '../kubernetes/fields.ts';

/** A command of Salt, in the container of the Salt master. */
export type SaltCommand = {
  readonly what: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** ms until it must have ended. */
  readonly timeout: number;
  /** Where more is told of how it ended, as in "/var/log/x.log on node-1". */
  readonly log: string;
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

/** What the one minion answers that was asked; other text as it is (Salt: "--out=json --static", an object by minion). */
function valueOf(stdout: string): string {
  const text = stdout.trim();
  try {
    const values = Object.values(asObject(JSON.parse(text)) ?? {});
    const [value] = values;
    if (values.length !== 1) return text;
    return typeof value === 'string' ? value.trim() : JSON.stringify(value);
  } catch {
    return text; // Words in place of JSON are told as they are.
  }
}

export const createSaltWriter = (connection: Pick<Connection, 'exec'>): SaltWriter => ({
  async run(command) {
    const { exitCode, stdout, stderr } = await connection.exec(command);
    if (exitCode === 0) return;
    const words = (stderr.trim() === '' ? valueOf(stdout) : stderr.trim()).replace(/\.$/, '').slice(0, LONGEST_WORDS);
    throw new LinkFailure({
      kind: 'server',
      message: `Cannot ${command.what}: Salt ended with code ${exitCode}${words === '' ? '' : `: ${words}`}; look at ${command.log}.`,
      what: command.what,
      detail: words === '' ? null : words,
      sent: true,
    });
  },
});

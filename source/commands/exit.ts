/** What an exit code means, for scripts and for the documentation. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'done, or healthy; warnings alone are 0' },
  bad: {
    code: 1,
    meaning:
      'the answer is bad: unhealthy, a check failed, an operation failed, partly failed or was refused by a guard',
  },
  usage: { code: 2, meaning: 'wrong usage or bad input (a broken kubeconfig too); nothing was sent' },
  untold: {
    code: 3,
    meaning:
      'the cluster or machine could not be reached in time, or the rights are missing, or nothing failed but something could not be told',
  },
  interrupted: { code: 130, meaning: 'interrupted' },
} as const;

export type Exit = keyof typeof EXIT_CODES;
export const exitCode = (exit: Exit): number => EXIT_CODES[exit].code;

/** The command line, or something that it names, is wrong. The message is one sentence with what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The time of `--timeout` is over. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The operator stopped the command. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Nothing failed, but something that was asked could not be told. */
export class UntoldError extends Error {
  override readonly name = 'UntoldError';
}

/** The answer could be told, and it is bad. */
export class BadAnswerError extends Error {
  override readonly name = 'BadAnswerError';
}

/** How a command ends on each error, by name, so that the rooms that throw them need not be loaded to be known. */
const EXIT_OF_ERROR: Readonly<Record<string, Exit>> = {
  UsageError: 'usage',
  InputError: 'usage',
  ConfigurationError: 'usage',
  TimeoutError: 'untold',
  LinkFailure: 'untold',
  UntoldError: 'untold',
  InterruptedError: 'interrupted',
  BadAnswerError: 'bad',
};

/** The end that an error stands for; one that nobody foresaw is a bad answer. */
export const exitOf = (error: unknown): Exit =>
  (error instanceof Error ? EXIT_OF_ERROR[error.name] : undefined) ?? 'bad';

/** Whether the error was foreseen, so that its message alone tells the operator what happened. */
export const isForeseen = (error: unknown): error is Error => error instanceof Error && error.name in EXIT_OF_ERROR;

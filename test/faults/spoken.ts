/** An answer in full. */
export type Spoken = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A Status in place of an answer, as Kubernetes refuses. */
export const status = (code: number, reason: string, message: string): Spoken => ({
  status: code,
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }),
});

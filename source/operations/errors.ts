/** What was asked is wrong in itself; nothing was sent. The message is one sentence with the rule or what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

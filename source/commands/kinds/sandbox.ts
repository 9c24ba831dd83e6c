import { z } from 'zod';
import { envelope, text } from './pieces.ts';

/** A cluster in a box that is ready. */
export const sandbox = z.strictObject({
  ...envelope('Sandbox'),
  scene: text,
  kubeconfig: text.describe('file that leads to it'),
  api: text.describe('address of its API server'),
});
export type SandboxDocument = z.infer<typeof sandbox>;

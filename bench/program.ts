import { join } from 'node:path';

/** The built program that is measured: the command that is published. */
export const PROGRAM = join(import.meta.dirname, '../dist/metalk8s-console.cjs');

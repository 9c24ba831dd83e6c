import { createRequire } from 'node:module';
import type { ComponentType } from 'react';
import * as ink from 'ink';

/**
 * ink-table is a CommonJS package that requires Ink, and Ink cannot be required: it awaits at its top level. So Ink as
 * it is loaded here is put where `require` looks first. The bundle takes ink-table.bundled.ts instead.
 */
const require = createRequire(import.meta.url);
const place = require.resolve('ink');
require.cache[place] ??= {
  id: place,
  filename: place,
  path: place,
  loaded: true,
  exports: ink,
  children: [],
  paths: [],
} as never;

type TableProps = {
  readonly data: readonly Readonly<Record<string, string>>[];
  readonly columns?: readonly string[];
  readonly padding?: number;
  readonly header?: ComponentType<{ readonly children?: string }>;
  readonly cell?: ComponentType<{ readonly children?: string; readonly column: number }>;
  readonly skeleton?: ComponentType<{ readonly children?: string }>;
};

export const InkTable = (require('ink-table') as { default: ComponentType<TableProps> }).default;

/** Stands in for ink-table.ts in the bundle, where Ink and ink-table are one file. */
export { default as InkTable } from 'ink-table';

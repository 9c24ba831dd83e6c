import { memo } from 'react';
import { Box, Text } from 'ink';

/** One row of the screen: finished text, as wide as the screen, drawn anew only when it changes. */
export const Line = memo(function Line({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});

/** Rows, filled up with blank ones or cut to exactly `height`. */
export const filled = (rows: readonly string[], height: number): readonly string[] =>
  Array.from({ length: height }, (_, index) => rows[index] ?? '');

/** Finished rows, exactly `height` of them. */
export function Lines({ rows, height }: { readonly rows: readonly string[]; readonly height: number }) {
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {filled(rows, height).map((text, index) => (
        <Line key={index} text={text} />
      ))}
    </Box>
  );
}

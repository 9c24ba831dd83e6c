import { memo } from 'react';
import { Box, Text } from 'ink';

/** One row of the screen: finished text, as wide as the screen, drawn anew only when it changes. */
export const Line = memo(function Line({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});

/** Finished rows, filled up with blank ones or cut to exactly `height`. */
export function Lines({ rows, height }: { readonly rows: readonly string[]; readonly height: number }) {
  const shown = Array.from({ length: height }, (_, index) => rows[index] ?? '');
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {shown.map((text, index) => (
        <Line key={index} text={text} />
      ))}
    </Box>
  );
}

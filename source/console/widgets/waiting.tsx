import { Box, Text } from 'ink';
import Spinner from 'ink-spinner';

/** Shown while something is read for the first time, never in the steady state: each turn is a frame. */
export function Waiting({ text, height }: { readonly text: string; readonly height: number }) {
  return (
    <Box height={height} paddingX={1} paddingTop={1}>
      <Text>
        <Spinner type="simpleDots" /> {text}
      </Text>
    </Box>
  );
}

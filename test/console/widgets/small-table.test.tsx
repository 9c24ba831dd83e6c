import { render } from 'ink-testing-library';
import { expect, test } from 'vitest';
import { createTheme } from '../../../source/console/theme.ts';
import { SmallTable } from '../../../source/console/widgets/small-table.tsx';
import { Waiting } from '../../../source/console/widgets/waiting.tsx';

const theme = createTheme({ colour: false, unicode: true });

test('a row a line, without borders, the last column cut where the screen ends', () => {
  const { lastFrame } = render(
    <SmallTable
      columns={[{ title: 'type' }, { title: 'status', align: 'right' }, { title: 'message' }]}
      rows={[
        ['Ready', 'True', 'kubelet is posting ready status'],
        ['DiskPressure', 'False', ''],
      ]}
      width={40}
      theme={theme}
    />,
  );
  expect(
    lastFrame()
      ?.split('\n')
      .map((row) => row.trimEnd()),
  ).toEqual([' type          status  message', ' Ready           True  kubelet is post…', ' DiskPressure   False']);
});

test('what is waited for is named', () => {
  expect(render(<Waiting text="reading the nodes" height={3} />).lastFrame()).toContain('reading the nodes');
});

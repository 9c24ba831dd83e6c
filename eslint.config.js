// The house as lint rules: arrows between rooms run down only, writers are reached from operations and session alone,
// and unknown is never turned into zero outside text/.
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Rooms from the top of the house to its ground, with the rooms that each may open. */
const ROOMS = {
  commands: [
    'console',
    'session',
    'operations',
    'checks',
    'state',
    'links',
    'product',
    'model',
    'text',
    'terminal',
    'sandbox',
  ],
  console: ['terminal', 'session', 'operations', 'checks', 'state', 'product', 'model', 'text'],
  session: ['configuration', 'operations', 'checks', 'state', 'links', 'product', 'model', 'text'],
  operations: ['state', 'links', 'product', 'model', 'text'],
  checks: ['state', 'links', 'product', 'model', 'text'],
  state: ['links', 'product', 'model', 'text'],
  links: ['product', 'model', 'text'],
  product: ['model', 'text'],
  configuration: ['model', 'text'],
  text: ['model'],
  terminal: ['text'],
  model: [],
  sandbox: ['product', 'text'],
};

const noImportUp = Object.entries(ROOMS).map(([room, open]) => {
  const closed = Object.keys(ROOMS).filter((other) => other !== room && !open.includes(other));
  const patterns = [
    {
      regex: `^(\\.\\./)+(${closed.join('|')})/`,
      message: `${room}/ may only import ${open.join(', ') || 'nothing'}: arrows run down.`,
    },
  ];
  if (!['operations', 'session'].includes(room))
    patterns.push({ regex: '/writer\\.ts$', message: 'Writers are reached from operations/ and session/ only.' });
  if (room !== 'console') patterns.push({ regex: '^(react|ink)($|[-/])', message: 'React lives in console/ only.' });
  return { files: [`source/${room}/**/*.{ts,tsx}`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
});

const zeroForUnknown = ['??', '||'].map((operator) => ({
  selector: `LogicalExpression[operator='${operator}'][right.type='Literal'][right.value=0]`,
  message: 'Unknown is never zero: handle the missing case (Reading, null) instead.',
}));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '**/*.{js,mjs,cjs}'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': hooks },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['source/**/*.{ts,tsx}'],
    ignores: ['source/text/**'],
    rules: { 'no-restricted-syntax': ['error', ...zeroForUnknown] },
  },
  ...noImportUp,
);

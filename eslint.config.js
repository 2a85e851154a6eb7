import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Stages in the order data flows; each may import only from those before it. */
const STAGES = [
  'package',
  'json',
  'lockfile',
  'evidence',
  'verification',
  'facts',
  'policy',
  'report',
];

const BORROWED = [
  {
    group: ['@sigstore/*'],
    message:
      'Sigstore types stay in verification/trust-root.ts, verification/verify-bundle.ts and io/.',
  },
];

const stageConfigs = STAGES.map((stage, position) => {
  const later = STAGES.slice(position + 1);
  return {
    files: [`src/${stage}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [...later, 'io', 'cli'].map((name) => `**/${name}/*`),
              message: 'A stage imports only from the stages before it.',
            },
            ...BORROWED,
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Stages are pure.' },
        { name: 'fetch', message: 'Stages make no request.' },
        { name: 'setTimeout', message: 'Stages have no clock.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Stages are pure.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is an argument.',
        },
        { selector: 'ImportExpression', message: 'Stages import statically.' },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'bin/*.js'] },
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true },
      ],
      'no-console': 'error',
    },
  },
  ...stageConfigs,
  {
    files: [
      'src/verification/trust-root.ts',
      'src/verification/verify-bundle.ts',
    ],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['*.js', 'bin/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly' } },
  },
);

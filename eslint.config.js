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

/** Of Node and of npm, what touches the world. A leading `/` is the start. */
const WORLD = [
  ...['fs', 'http', 'https', 'http2', 'net', 'tls', 'child_process'].flatMap(
    (name) => [`/node:${name}`, `/${name}`],
  ),
  '/@npmcli/*',
  '/make-fetch-happen',
  '/npm-registry-fetch',
  '/tuf-js',
];

/** Files of a stage that may import the Sigstore library. */
const SIGSTORE_USERS = [
  'src/verification/trust-root.ts',
  'src/verification/verify-bundle.ts',
  'src/verification/bundle-parts.ts',
  'src/verification/memoized-certificates.ts',
];

/** The same for libraries that are not imported but required. */
function requiring(names, message) {
  return {
    selector: `CallExpression[callee.name='requireCommonJs'][arguments.0.value=/^(?:${names})/]`,
    message,
  };
}

const SIGSTORE = {
  group: ['/@sigstore/*'],
  message: `Sigstore types stay in ${SIGSTORE_USERS.join(', ')} and io/.`,
};

/** What no file of a stage may import. */
function layering(stage) {
  const later = STAGES.slice(STAGES.indexOf(stage) + 1);
  return [
    {
      group: [
        ...[...later, 'io', 'cli'].map((name) => `**/${name}/*`),
        '**/audit.js',
      ],
      message: 'A stage imports only from the stages before it.',
    },
    { group: WORLD, message: 'Stages are pure.' },
  ];
}

/** What no file of a stage may say. */
const STAGE_SYNTAX = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is an argument.',
  },
  {
    // A file of the same folder, or below, may wait until it is needed.
    selector: 'ImportExpression:not([source.value=/^\\.\\u002F(?!.*\\.\\.)/])',
    message: 'Stages import statically, but for files beside or below.',
  },
  requiring('@npmcli|npm-registry-fetch|tuf-js', 'Stages are pure.'),
];

const stageConfigs = STAGES.map((stage) => {
  return {
    files: [`src/${stage}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...layering(stage), SIGSTORE] },
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
        ...STAGE_SYNTAX,
        requiring('@sigstore', SIGSTORE.message),
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'api/', 'node_modules/', 'coverage/'] },
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
    files: SIGSTORE_USERS,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: layering('verification') },
      ],
      'no-restricted-syntax': ['error', ...STAGE_SYNTAX],
    },
  },
  {
    files: ['*.js', 'bin/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly' } },
  },
);

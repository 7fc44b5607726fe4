// Which lib may import which (docs/architecture/libraries.md). A lib is entered through its index.ts only.
const mayImport = {
  core: [],
  contracts: ['core'],
  settings: ['core', 'contracts'],
  observability: ['core', 'contracts', 'settings'],
  elastic: ['core', 'contracts', 'settings', 'observability'],
  'sealed-secrets': ['core', 'contracts', 'settings', 'observability'],
  'config-store': ['core', 'contracts', 'settings', 'observability', 'elastic', 'sealed-secrets'],
  jobs: ['core', 'contracts', 'settings', 'observability', 'elastic'],
  'mongo-source': ['core', 'contracts', 'settings', 'observability'],
  'elastic-sink': ['core', 'contracts', 'settings', 'observability', 'elastic'],
  'sync-engine': [
    'core',
    'contracts',
    'settings',
    'observability',
    'elastic',
    'sealed-secrets',
    'config-store',
    'jobs',
    'mongo-source',
    'elastic-sink',
  ],
};

const libs = Object.keys(mayImport);
const isTest = '\\.(spec|test)\\.ts$';

const directions = libs.map((lib) => {
  const forbidden = libs.concat('testing').filter((other) => other !== lib && !mayImport[lib].includes(other));
  return {
    name: `direction-${lib}`,
    severity: 'error',
    comment: `libs/${lib} may import ${mayImport[lib].join(', ') || 'nothing'} only.`,
    from: { path: `^libs/${lib}/`, pathNot: isTest },
    to: { path: `^(libs/(${forbidden.join('|')})/|apps/)` },
  };
});

const onlyIn = (name, pkg, where) => ({
  name,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: `^(${where})|${isTest}` },
  to: { path: `^node_modules/${pkg}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-through-the-door',
      severity: 'error',
      comment: 'A lib is entered through src/index.ts.',
      from: { path: '^(?:apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'apps-apart',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-test-lib',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `^libs/testing/|${isTest}` },
      to: { path: '^libs/testing/' },
    },
    onlyIn('mongodb-alone', 'mongodb', 'libs/mongo-source/|libs/testing/'),
    onlyIn('jose-alone', 'jose', 'libs/sealed-secrets/|libs/testing/|apps/console/'),
    onlyIn('elasticsearch-alone', '@elastic/elasticsearch', 'libs/elastic/|libs/testing/'),
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^libs/core/', pathNot: isTest },
      to: { path: '^node_modules/' },
    },
    ...directions,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.stack)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

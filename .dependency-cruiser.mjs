/**
 * Who may import whom (docs/ARCHITECTURE.md). Checked by scripts/check-imports.mjs, a part of `npm run check`.
 * Tests may import anything; nothing imports tests.
 */
const capability = '^src/(?!shared/|platform/)([^/]+)/';
const product = '^(src|bots|jobs|templates|cli|main\\.ts)';
const insides = '^src/(?!shared/|platform/)[^/]+/(?!index\\.ts$)';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no cycles between capabilities',
    comment: 'A capability reads another through its index.ts, in one direction; what it causes travels as an event.',
    severity: 'error',
    scope: 'folder',
    from: { path: '^src/(?!shared|platform)' },
    to: { circular: true },
  },
  { name: 'imports exist', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'declared dependencies only',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no development dependencies in the product',
    severity: 'error',
    from: { path: product },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'shared imports only shared',
    severity: 'error',
    from: { path: '^src/shared/' },
    to: { path: '^(src|bots|jobs|templates|cli|test|main\\.ts)', pathNot: '^src/shared/' },
  },
  {
    name: 'platform imports only shared',
    severity: 'error',
    from: { path: '^src/platform/' },
    to: { path: '^(src|bots|jobs|templates|cli|test|main\\.ts)', pathNot: '^src/(shared|platform)/' },
  },
  {
    name: 'a capability reads others through their index.ts',
    severity: 'error',
    from: { path: capability },
    to: { path: insides, pathNot: '^src/$1/' },
  },
  {
    name: 'only index.ts of a capability is for others',
    severity: 'error',
    from: { path: ['^(bots|jobs|templates|cli)/', '^main\\.ts$', '^src/[^/]+\\.ts$'] },
    to: { path: insides },
  },
  {
    name: 'capabilities are given what they need',
    comment: 'compose.ts and config.ts know the parts; the parts do not know them.',
    severity: 'error',
    from: { path: ['^src/[^/]+/', '^(bots|jobs|templates)/'] },
    to: { path: '^src/[^/]+\\.ts$' },
  },
  {
    name: 'engines are chosen in one place',
    comment: 'Capabilities, bots and jobs see the ports of the store and the queue.',
    severity: 'error',
    from: { path: [capability, '^(bots|jobs|templates)/'] },
    to: { path: '^src/platform/(store|queue)/', pathNot: '/(port|index)\\.ts$' },
  },
  {
    name: 'src does not know its edges',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(bots|jobs|templates|console|cli|test|main\\.ts)' },
  },
  {
    name: 'skills know no other skill',
    comment: 'What they share is the contract, and understanding, which is pure.',
    severity: 'error',
    from: { path: '^bots/skills/([^/.]+)' },
    to: {
      path: '^(bots|jobs|cli)/',
      pathNot: ['^bots/skills/skill\\.ts$', '^bots/skills/$1[/.]', '^bots/understanding/'],
    },
  },
  {
    name: 'jobs know no other job and no bot',
    severity: 'error',
    from: { path: '^jobs/([^/.]+)' },
    to: { path: '^(bots|jobs|cli)/', pathNot: ['^jobs/schedule\\.ts$', '^jobs/$1[/.]'] },
  },
  {
    name: 'understanding is pure',
    severity: 'error',
    from: { path: '^bots/understanding/' },
    to: {
      path: '^(src|bots|jobs|templates|cli)/',
      pathNot: ['^src/shared/', '^bots/understanding/'],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'templates are pure',
    severity: 'error',
    from: { path: '^templates/' },
    to: { pathNot: ['^src/shared/', '^templates/'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'understanding and templates do no input or output',
    severity: 'error',
    from: { path: '^(bots/understanding|templates)/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'channels know no skill and no conversation',
    severity: 'error',
    from: { path: '^bots/channels/' },
    to: { path: '^(bots|jobs|templates|cli)/', pathNot: '^bots/(channels|understanding)/' },
  },
  {
    name: 'the conversation is handed its skills and channels',
    severity: 'error',
    from: { path: '^bots/conversation/' },
    to: { path: '^bots/(skills|channels)/', pathNot: ['^bots/skills/skill\\.ts$', '^bots/channels/channel\\.ts$'] },
  },
  {
    name: 'bots and jobs do not know the command line',
    severity: 'error',
    from: { path: '^(bots|jobs|templates)/' },
    to: { path: '^(cli|console|test)/' },
  },
  {
    name: 'main.ts is imported by the command line alone',
    severity: 'error',
    from: { pathNot: '^(cli|test)/' },
    to: { path: '^main\\.ts$' },
  },
  {
    name: 'nothing imports tests',
    severity: 'error',
    from: { pathNot: '^test/' },
    to: { path: '^test/' },
  },
  ...only('wechaty', 'node_modules/wechaty', '^bots/channels/'),
  ...only('Bull', 'node_modules/bull/', '^src/platform/queue/'),
  ...only('ioredis', 'node_modules/ioredis/', '^src/platform/(queue/|redis\\.ts$)'),
  ...only('mongoose', 'node_modules/(mongoose|mongodb)/', '^src/platform/store/'),
  ...only('lmdb', 'node_modules/(lmdb|bson)/', '^src/platform/store/'),
  ...only('node-cron', 'node_modules/node-cron/', '^(jobs/schedule\\.ts$|src/platform/)'),
];

/** A library that only one place of the product may know. */
function only(library, path, place) {
  return [
    { name: `${library} only in ${place}`, severity: 'error', from: { path: product, pathNot: place }, to: { path } },
  ];
}

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};

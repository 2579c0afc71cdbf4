/** Paths inside a company folder, with forward slashes. */
export const companyPaths = {
  rules: 'AGENTS.md',
  home: '.cairn',
  workflows: '.cairn/workflows',
  agents: '.cairn/agents',
  connectors: '.cairn/connectors',
  policy: '.cairn/policy.yaml',
  outbox: '.cairn/outbox',
  runs: '.cairn/runs',
  index: '.cairn/index',
  cache: '.cairn/cache',
  memory: 'memory',
} as const;

/** Paths that no proposal may touch unless the operator made it (promise P7, design section 6). */
export const protectedGlobs = [
  '.git',
  '.git/**',
  '.cairn/**',
  '**/.git',
  '**/.git/**',
  '.gitmodules',
] as const;

/** What agents, editors or git obey later: no rule alone may let an agent write it (promise P7). */
export const authorityGlobs = [
  '**/AGENTS.md',
  '**/CLAUDE.md',
  '.vscode/**',
  '.github/**',
  '**/.gitattributes',
  '**/.gitignore',
] as const;

/** Trailers on proposals and applied commits (design section 6). */
export const trailerKeys = {
  run: 'Cairn-Run',
  step: 'Cairn-Step',
  agent: 'Cairn-Agent',
  model: 'Cairn-Model',
  intent: 'Cairn-Intent',
  risk: 'Cairn-Risk',
  confidence: 'Cairn-Confidence',
  cost: 'Cairn-Cost',
  sources: 'Cairn-Sources',
  decision: 'Cairn-Decision',
} as const;

/** Every limit of Cairn in one place (promise P10). Bytes, milliseconds, counts. */
export const limits = {
  /** Data larger than this leaves the journal line for a blob. */
  journalInlineBytes: 4 * 1024,
  /** A proposal's file; larger ones are refused. */
  proposalFileBytes: 2 * 1024 * 1024,
  proposalFiles: 200,
  /** What one step may read of the company into its context. */
  contextBytes: 192 * 1024,
  contextFiles: 40,
  noteBytes: 256 * 1024,
  /** Notes a step recalls for one query. */
  recallHits: 8,
  /** Findings of one rule in one file; the rest is counted. */
  findingsPerRule: 20,
  definitionBytes: 256 * 1024,
  /** Characters that one template may render to. */
  templateCharacters: 256 * 1024,
  /** Only a template that loops over loops comes near it. */
  templateRenderMs: 2_000,
  stepsPerWorkflow: 200,
  attemptsPerStep: 20,
  stepsInParallel: 4,
  stepTimeoutMs: 10 * 60_000,
  gitTimeoutMs: 60_000,
  /** What one git process may answer, and the largest file that is compared with the operator's. */
  gitOutputBytes: 64 * 1024 * 1024,
  /** How long to wait for another git process that holds the index. */
  gitLockWaitMs: 2_000,
  /** After this long without a question, the process that reads git objects ends. */
  gitIdleMs: 5_000,
  modelTimeoutMs: 180_000,
  modelReplyTokens: 8_192,
  /** How long to wait for another process that writes to the vector index. */
  indexLockWaitMs: 5_000,
  connectorItems: 500,
  connectorFileBytes: 5 * 1024 * 1024,
  runsListed: 500,
  /** How long a migration waits for another process to stop the run. */
  stopWaitMs: 30_000,
  /** How often it looks by itself. */
  stopLookMs: 1_000,
} as const;

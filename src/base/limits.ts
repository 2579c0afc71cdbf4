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
  definitionBytes: 256 * 1024,
  stepsPerWorkflow: 200,
  attemptsPerStep: 20,
  stepsInParallel: 4,
  stepTimeoutMs: 10 * 60_000,
  gitTimeoutMs: 60_000,
  modelTimeoutMs: 180_000,
  modelReplyTokens: 8_192,
  connectorItems: 500,
  connectorFileBytes: 5 * 1024 * 1024,
  runsListed: 500,
} as const;

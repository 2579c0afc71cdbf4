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
  /** Items of one map. */
  mapItems: 200,
  /** Steps of one run, those that were added included. */
  stepsPerRun: 2_000,
  /** Steps within steps: maps in maps, workflows that call workflows. */
  stepDepth: 4,
  attemptsPerStep: 20,
  /** A journal that has grown by so much since its last snapshot is worth another one; under way, by that share too. */
  snapshotBytes: 1024 * 1024,
  snapshotShare: 1 / 16,
  stepsInParallel: 4,
  stepTimeoutMs: 10 * 60_000,
  /** The longest a process stays with a run that waits for a time; later, whoever is there then goes on with it. */
  napMs: 2 * 60_000,
  /** Reminders of one gate. */
  reminders: 10,
  gitTimeoutMs: 60_000,
  /** What one git process may answer, and the largest file that is compared with the operator's. */
  gitOutputBytes: 64 * 1024 * 1024,
  /** How long to wait for another git process that holds the index. */
  gitLockWaitMs: 2_000,
  /** After this long without a question, the process that reads git objects ends. */
  gitIdleMs: 5_000,
  modelTimeoutMs: 180_000,
  modelReplyTokens: 8_192,
  /** Failures in a row after which a model or a connector is left alone, and for how long at first and at most. */
  outageFailures: 5,
  outagePauseMs: 30_000,
  outageLongestPauseMs: 5 * 60_000,
  /** How often a step waits for the end of an outage before that counts as a try: some four hours. */
  outageWaits: 48,
  /** How long to wait for another process that writes to the vector index. */
  indexLockWaitMs: 5_000,
  connectorItems: 500,
  /** How long an undo waits for a connector that is asked whether an effect has left. */
  probeTimeoutMs: 30_000,
  /** What is kept of an outside system's answer to an effect. */
  receiptCharacters: 16 * 1024,
  connectorFileBytes: 5 * 1024 * 1024,
  runsListed: 500,
  /** What is kept of runs that are over, unless policy says otherwise. */
  retention: { days: 30, megabytes: 500, archiveDays: 365 },
  /** Old runs are looked for this often. */
  pruneEveryMs: 24 * 60 * 60_000,
  /** Runs that one process executes side by side; the others wait for their turn. */
  runsInParallel: 8,
  /** Times of a schedule that are caught up with at once (`catchUp: all`). */
  triggerCatchUps: 20,
  /** A time that is older than this has passed while no Cairn was open. */
  triggerLateMs: 2 * 60_000,
  /** How long a file has to be left alone before it counts as written. */
  triggerQuietMs: 2_000,
  /** Files that the globs of one trigger may fit, and entries that are looked at to find them. */
  triggerFiles: 5_000,
  triggerEntries: 50_000,
  /** Runs that one look at a trigger starts; the rest is left to the next look. */
  triggerRunsPerLook: 10,
  /** Runs in a row, each started by what the one before has applied. */
  triggerChain: 5,
  /** File versions or items of which one trigger remembers that they were there. */
  triggerMemory: 20_000,
  /** A look at least this often, since clocks jump and watching may miss something. */
  triggerLookMs: 60_000,
  /** How long after a run has changed it is looked whether its steps wait for something else. */
  waitLookMs: 500,
  /** How often a process that does not keep the triggers looks whether the one that does still lives. */
  triggerFollowMs: 5_000,
  /** The longest wait between two looks at a connector that fails. */
  triggerBackoffMs: 60 * 60_000,
  triggerReadMs: 60_000,
  /** Folders that are watched for files; what lies in others is found within a minute. */
  triggerFolders: 500,
  /** How long a migration waits for another process to stop the run. */
  stopWaitMs: 30_000,
  /** How often it looks by itself. */
  stopLookMs: 1_000,
} as const;

import { findDue } from './find-due.ts';
import { findFileVersions } from './find-file-versions.ts';
import { findNewItems } from './find-new-items.ts';
import type { Finding } from './finding.ts';
import type { OpenWait, OpenWaits } from './open-waits.ts';
import { loadTriggers, workflowPath } from './load-definition.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { startTriggered, triggeredRun } from './start-triggered.ts';
import { wakeWait } from './wake-wait.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import { triggerNotes } from '../base/failures/triggers.ts';
import { limits } from '../base/limits.ts';
import { companyPaths } from '../contracts/company.ts';
import { occurrenceKey, occurrenceText } from '../contracts/trigger.ts';
import type { Trigger, Watch } from '../contracts/trigger.ts';
import type { TriggerHold, TriggerState, TriggerWaiting } from '../contracts/trigger-state.ts';

/** What a look at the triggers has to tell. */
export type TriggerNews =
  | { readonly is: 'started'; readonly workflow: string; readonly run: string; readonly trigger: string }
  /** What a step waits for has come. */
  | {
      readonly is: 'woken';
      readonly workflow: string;
      readonly run: string;
      readonly step: string;
      readonly trigger: string;
    }
  | { readonly is: 'note'; readonly workflow: string; readonly trigger: string; readonly text: string }
  | {
      readonly is: 'problem';
      readonly workflow?: string | undefined;
      readonly trigger?: string | undefined;
      readonly failure: Failure;
    };

export interface TriggerLook {
  readonly news: readonly TriggerNews[];
  /** Another look is needed by then. */
  readonly nextMs: number;
  /** Whether files are still being written. */
  readonly settling: boolean;
  /** Folders of the company in which a change may bring something. */
  readonly folders: readonly string[];
}

/** What is looked for, and what it does: a trigger starts its workflow, a wait lets its step go on. */
type Kept = { readonly id: string; readonly workflow: string } & (
  | { readonly trigger: Trigger; readonly wait?: undefined }
  | { readonly trigger: Watch; readonly wait: OpenWait }
);

/** Under what a trigger's state is kept. */
export function triggerId({ hash }: Ports, workflow: string, trigger: Trigger): string {
  return hash(`${workflow}\n${trigger.name}`).slice(0, 16);
}

function keptWait({ hash }: Ports, wait: OpenWait): Kept {
  const { run, step, attempt, workflow, watch } = wait;
  return { id: hash(`${run}\n${step}\n${attempt}`).slice(0, 16), workflow, trigger: watch, wait };
}

/**
 * Looks at all triggers and waits, again and again, and starts what is due. What a look has found is on disk before anything of
 * it is started, with the id of each run: whoever comes after a death starts the same runs, and each begins once.
 */
export class TriggerRounds {
  readonly #ports: Ports;
  readonly #reader: RunReader;
  readonly #hold: TriggerHold;
  readonly #waits: OpenWaits;
  /** What was told already and still holds, so that it is told once. */
  #told: ReadonlySet<string> = new Set();
  /** Connectors that failed are left alone for a while, each time for longer. */
  readonly #rests = new Map<string, { readonly tries: number; readonly untilMs: number }>();

  constructor(ports: Ports, reader: RunReader, hold: TriggerHold, waits: OpenWaits) {
    this.#ports = ports;
    this.#reader = reader;
    this.#hold = hold;
    this.#waits = waits;
  }

  /** Throws `journal.fenced` when another process keeps the triggers by now. */
  async look(): Promise<TriggerLook> {
    const { items, problems } = await loadTriggers(this.#ports.files);
    const triggers = items.flatMap(({ workflow, triggers: own }) =>
      own.map((trigger): Kept => {
        const id = triggerId(this.#ports, workflow.id, trigger);
        return { id, workflow: workflow.id, trigger };
      }),
    );
    const kept = [...triggers, ...(await this.#waits.list()).map((wait) => keptWait(this.#ports, wait))];
    const broken = [...this.#hold.damaged, ...problems];
    await this.#forget(kept, new Set(items.map(({ workflow }) => workflow.id)));
    const looks = await Promise.all(kept.map((one) => this.#lookAt(one)));
    const nextMs = Math.min(
      ...looks.flatMap((look) => look.nextMs ?? []),
      this.#ports.clock.now() + limits.triggerLookMs,
    );
    return {
      news: [...this.#untold(broken), ...looks.flatMap(({ news }) => news)],
      nextMs,
      settling: looks.some(({ settling }) => settling),
      folders: [
        companyPaths.workflows,
        companyPaths.connectors,
        ...new Set(looks.flatMap(({ folders = [] }) => folders)),
      ],
    };
  }

  async #lookAt(kept: Kept) {
    const { id, workflow, trigger, wait } = kept;
    const news: TriggerNews[] = [];
    const before = this.#hold.states.get(id);
    let state: TriggerState = before ?? { v: 1, workflow, trigger: trigger.name, waiting: [] };
    if (!before && wait) state = { ...state, progress: wait.progress };
    const save = async (next: TriggerState) => {
      const isSame = JSON.stringify(next) === JSON.stringify(this.#hold.states.get(id));
      if (!isSame) await this.#hold.put(id, next);
      state = next;
    };
    let finding: Finding | undefined;
    try {
      await save(await this.#startWaiting(kept, state, news));
      // What a step waits for comes once.
      finding = wait && state.fired ? undefined : await this.#find(kept, state);
      if (finding) {
        const { next, notes } = withFound(this.#ports, kept, state, finding);
        await save(next);
        news.push(...notes.map((text) => ({ is: 'note', workflow, trigger: trigger.name, text }) as const));
        await save(await this.#startWaiting(kept, state, news));
        const { problem: _solved, ...rest } = state;
        await save(rest);
      }
    } catch (thrown) {
      if (!this.#hold.isOurs()) throw thrown;
      const failure = toFailure(thrown);
      if (state.problem?.failure.message !== failure.message) {
        news.push({ is: 'problem', workflow, trigger: trigger.name, failure });
        await save({ ...state, problem: { failure, atMs: this.#ports.clock.now() } });
      }
    }
    const { nextMs = this.#rests.get(id)?.untilMs, settling = false, folders } = finding ?? {};
    return { news, nextMs, settling, folders };
  }

  /** Starts what is on its way. What its inputs do not allow is given up, with the reason; all else is tried again. */
  async #startWaiting(kept: Kept, state: TriggerState, news: TriggerNews[]): Promise<TriggerState> {
    const { trigger } = kept;
    let next = state;
    for (const waiting of state.waiting) {
      const text = occurrenceText(trigger, waiting.occurrence);
      const atMs = this.#ports.clock.now();
      if (!this.#hold.isOurs()) break;
      const begun = await this.#begin(kept, waiting, text).catch((thrown: unknown) => {
        const failure = toFailure(thrown);
        if (failure.code !== 'input.invalid') throw thrown;
        return { failure };
      });
      next = { ...next, waiting: next.waiting.filter((one) => one !== waiting) };
      if ('failure' in begun) {
        const why = `${text} started nothing: ${describeFailure(begun.failure)}`;
        next = { ...next, note: { text: why, atMs } };
        news.push({ is: 'problem', workflow: kept.workflow, trigger: text, failure: begun.failure });
      } else {
        next = { ...next, fired: { run: begun.run, atMs } };
        news.push(...begun.news);
      }
    }
    return next;
  }

  /** Starts the run of an occurrence, or wakes the step that waits for it. */
  async #begin({ workflow, ...kept }: Kept, waiting: TriggerWaiting, trigger: string) {
    if (kept.wait) {
      await wakeWait(this.#ports, kept.wait, waiting);
      const { run, step } = kept.wait;
      return { run, news: [{ is: 'woken', workflow, run, step, trigger }] as const };
    }
    const { run, isNew } = await startTriggered(this.#ports, kept.trigger, waiting, workflow);
    return { run, news: isNew ? ([{ is: 'started', workflow, run, trigger }] as const) : [] };
  }

  /** Nothing while a connector rests. */
  async #find({ id, trigger }: Kept, { progress }: TriggerState): Promise<Finding | undefined> {
    const nowMs = this.#ports.clock.now();
    switch (trigger.kind) {
      case 'schedule':
        return findDue(trigger, progress?.kind === 'schedule' ? progress : undefined, nowMs);
      case 'file': {
        const own = progress?.kind === 'file' ? progress : undefined;
        return findFileVersions(this.#ports, this.#reader, trigger, own);
      }
      case 'connector': {
        const rest = this.#rests.get(id);
        if (rest && nowMs < rest.untilMs && nowMs > rest.untilMs - limits.triggerBackoffMs) return undefined;
        try {
          const own = progress?.kind === 'connector' ? progress : undefined;
          const finding = await findNewItems(this.#ports, trigger, own);
          this.#rests.delete(id);
          return finding;
        } catch (thrown) {
          const tries = (rest?.tries ?? 0) + 1;
          const waitMs = Math.min(limits.triggerBackoffMs, trigger.everyMs * 2 ** (tries - 1));
          this.#rests.set(id, { tries, untilMs: nowMs + waitMs });
          throw thrown;
        }
      }
    }
  }

  /** Drops what is remembered of triggers that are no more. A workflow that cannot be read keeps its own. */
  async #forget(kept: readonly Kept[], read: ReadonlySet<string>): Promise<void> {
    const ids = new Set(kept.map(({ id }) => id));
    for (const [id, { workflow }] of this.#hold.states) {
      if (ids.has(id)) continue;
      if (read.has(workflow) || !(await this.#ports.files.exists(workflowPath(workflow))))
        await this.#hold.drop(id);
    }
  }

  #untold(failures: readonly Failure[]): TriggerNews[] {
    const told = this.#told;
    this.#told = new Set(failures.map(describeFailure));
    const untold = failures.filter((failure) => !told.has(describeFailure(failure)));
    return untold.map((failure) => ({ is: 'problem', failure }));
  }
}

/** What comes of a finding. A step waits for one thing; a chain of runs that start each other comes to an end. */
function withFound(ports: Ports, { workflow, trigger, wait }: Kept, state: TriggerState, finding: Finding) {
  const atMs = ports.clock.now();
  const day = new Date(atMs).toISOString().slice(0, 10);
  const chained = wait ? [] : finding.found.filter(({ after }) => after.length >= limits.triggerChain);
  const taken = wait ? finding.found.slice(0, 1) : finding.found.filter((one) => !chained.includes(one));
  const waiting = taken.map((found) => {
    const digest = ports.hash(`${workflow}\n${occurrenceKey(trigger, found.occurrence)}`);
    return { ...found, run: wait ? wait.run : triggeredRun(workflow, day, digest) };
  });
  const notes = [
    ...finding.notes,
    ...chained.map(({ occurrence, after }) =>
      triggerNotes.chainTooLong(occurrence.kind === 'file' ? occurrence.path : trigger.name, after),
    ),
  ];
  const note = notes.length > 0 ? { note: { text: notes.join(' '), atMs } } : {};
  const next = { ...state, progress: finding.progress, waiting: [...state.waiting, ...waiting], ...note };
  return { next, notes };
}

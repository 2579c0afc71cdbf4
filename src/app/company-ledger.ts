import { RunFold } from '../engine/fold.ts';
import { isOver } from '../engine/run-status.ts';
import type { JournalReading, RunStore } from '../contracts/runs.ts';
import { addCost, noCost } from '../contracts/proposal.ts';
import type { Cost } from '../contracts/proposal.ts';
import type { RunState } from '../contracts/run.ts';
import type { RunSpending, SpendingCache, SpentAttempt } from '../contracts/spending.ts';

/** An attempt under way in this process, or one whose outcome is on its way to its journal. */
interface Held {
  readonly run: string;
  readonly step: string;
  readonly attempt: number;
  readonly cost: Cost;
}

/**
 * What all runs of the company have spent, and what attempts of this process are about to. A run is read again when its
 * journal has changed; what those that are over have spent is cached, so that no process reads them all.
 */
export class CompanyLedger {
  readonly #runs: RunStore;
  readonly #cache: SpendingCache | undefined;
  #read: Map<string, RunSpending> | undefined;
  #over: Map<string, RunSpending> = new Map();
  /** By the attempt's key. */
  readonly #held = new Map<string, Held>();
  #looking: Promise<void> = Promise.resolve();

  constructor(runs: RunStore, cache?: SpendingCache) {
    this.#runs = runs;
    this.#cache = cache;
  }

  /** Brings it up to date; what the others answer then is of one moment. One look at a time. */
  look(sinceMs: number): Promise<void> {
    this.#looking = this.#looking.catch(() => undefined).then(() => this.#look(sinceMs));
    return this.#looking;
  }

  /** What the other runs have spent since then. */
  spentByOthers(sinceMs: number, own: string): Cost {
    return sum(this.#attempts(own).filter(({ atMs }) => atMs >= sinceMs));
  }

  /** What attempts under way are held to spend, where their journal does not tell it yet. */
  reserved({ id, steps }: Pick<RunState, 'id' | 'steps'>): Cost {
    const isTold = ({ run, step, attempt }: Held) => {
      if (run === id) return steps.get(step)?.attempts[attempt - 1]?.endedAtMs !== undefined;
      const told = this.#read?.get(run)?.attempts ?? [];
      return told.some((one) => one.step === step && one.attempt === attempt);
    };
    return sum([...this.#held.values()].filter((held) => !isTold(held)));
  }

  /** What an attempt costs on average, of those that have cost anything. */
  average(): Cost {
    const dear = this.#attempts().filter(({ cost }) => cost.tokensIn + cost.tokensOut + cost.usd > 0);
    const whole = sum(dear);
    const share = Math.max(1, dear.length);
    return {
      tokensIn: whole.tokensIn / share,
      tokensOut: whole.tokensOut / share,
      usd: whole.usd / share,
      durationMs: whole.durationMs / share,
    };
  }

  reserve(key: string, held: Held): void {
    this.#held.set(key, held);
  }

  /** The attempt has come to its end; nothing where it leaves no outcome. */
  settle(key: string, cost: Cost | undefined): void {
    const held = this.#held.get(key);
    if (held && cost) this.#held.set(key, { ...held, cost });
    else this.#held.delete(key);
  }

  #attempts(without?: string): readonly SpentAttempt[] {
    return [...(this.#read ?? [])].flatMap(([run, { attempts }]) => (run === without ? [] : attempts));
  }

  async #look(sinceMs: number): Promise<void> {
    const before = this.#read ?? new Map(await this.#cache?.read());
    if (!this.#read) this.#over = new Map(before);
    const read = new Map<string, RunSpending>();
    let isNew = false;
    for (const run of await this.#runs.list()) {
      const known = before.get(run);
      const stamp = await this.#runs.stamp(run);
      if (known?.stamp === stamp && known.sinceMs === sinceMs) {
        read.set(run, known);
        continue;
      }
      const { spending, over } = spendingOf(run, await this.#records(run), { stamp, sinceMs });
      read.set(run, spending);
      if (over) this.#over.set(run, spending);
      isNew ||= over;
    }
    this.#read = read;
    this.#forgetTold();
    if (!isNew) return;
    for (const run of this.#over.keys()) if (!read.has(run)) this.#over.delete(run);
    await this.#cache?.write(this.#over);
  }

  /** What has come to its end and is told by its journal is held no longer. */
  #forgetTold(): void {
    for (const [key, { run, step, attempt }] of this.#held) {
      const told = this.#read?.get(run)?.attempts ?? [];
      if (told.some((one) => one.step === step && one.attempt === attempt)) this.#held.delete(key);
    }
  }

  /** Runs that cannot be read count for nothing. */
  async #records(run: string): Promise<JournalReading['records']> {
    const reading = await this.#runs.read(run).catch(() => undefined);
    return reading && !reading.corrupt ? reading.records : [];
  }
}

function spendingOf(
  run: string,
  records: JournalReading['records'],
  { stamp, sinceMs }: { readonly stamp: string; readonly sinceMs: number },
): { readonly spending: RunSpending; readonly over: boolean } {
  const attempts = records.flatMap(({ at: atMs, event }): SpentAttempt[] => {
    if (atMs < sinceMs || !('cost' in event.data) || !('step' in event)) return [];
    return [{ atMs, step: event.step, attempt: event.attempt, cost: event.data.cost }];
  });
  const { state } = new RunFold(run, records);
  return { spending: { stamp, sinceMs, attempts }, over: state !== undefined && isOver(state) };
}

function sum(all: readonly { readonly cost: Cost }[]): Cost {
  return all.reduce((whole, { cost }) => addCost(whole, cost), noCost);
}

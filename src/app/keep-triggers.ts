import { setTimeout as timer } from 'node:timers/promises';
import { loadTriggers } from './load-definition.ts';
import { OpenWaits } from './open-waits.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { TriggerRounds } from './trigger-rounds.ts';
import type { TriggerNews } from './trigger-rounds.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { toFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { companyPaths } from '../contracts/company.ts';
import type { FolderWatch, TriggerHold } from '../contracts/trigger-state.ts';

/** Waits so long, or until the signal is aborted; never rejects. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export interface Keeping {
  readonly signal: AbortSignal;
  readonly onNews: (news: TriggerNews) => void;
  /** Whether this process keeps the triggers now, or another one does. */
  readonly onTurn?: ((isOurs: boolean) => void) | undefined;
}

const shortestSleepMs = 50;

/** How often a look is repeated for files that are still being written. */
const settlingLooks = 5;

const realPause: Pause = (ms, signal) => timer(ms, undefined, { signal }).catch(() => undefined);

/** Keeps the triggers until it is interrupted; takes them over when the process that keeps them dies. Never throws. */
export async function keepTriggers(
  ports: Ports,
  reader: RunReader,
  keeping: Keeping,
  pause: Pause = realPause,
): Promise<void> {
  const { signal, onNews, onTurn } = keeping;
  const waits = new OpenWaits(ports, reader);
  const sleep = new Sleep(ports, waits, { signal, pause });
  let wasOurs: boolean | undefined;
  let told = '';
  while (!signal.aborted) {
    sleep.begin();
    let waitMs: number = limits.triggerFollowMs;
    try {
      const hold = await takeTurn(ports, waits);
      const isOurs = hold === 'unneeded' ? undefined : hold !== 'held';
      if (isOurs !== undefined && isOurs !== wasOurs) onTurn?.(isOurs);
      wasOurs = isOurs;
      if (hold === 'unneeded') waitMs = limits.triggerLookMs;
      else if (hold !== 'held')
        await keepHeld(new TriggerRounds(ports, reader, hold, waits), hold, { keeping, sleep });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (told !== failure.message) onNews({ is: 'problem', failure });
      told = failure.message;
      waitMs = limits.triggerLookMs;
    }
    await sleep.until(ports.clock.now() + waitMs, [companyPaths.workflows]);
  }
  sleep.dispose();
  waits.dispose();
}

/** One look, and as many more as what is being written needs, within some seconds. */
export async function lookAtTriggers(
  ports: Ports,
  reader: RunReader,
  signal: AbortSignal,
  pause: Pause = realPause,
): Promise<readonly TriggerNews[] | 'held'> {
  const waits = new OpenWaits(ports, reader);
  try {
    const hold = await takeTurn(ports, waits);
    if (hold === 'held') return 'held';
    if (hold === 'unneeded') return [];
    return await lookOnce(ports, new TriggerRounds(ports, reader, hold, waits), { hold, signal, pause });
  } finally {
    waits.dispose();
  }
}

async function lookOnce(
  ports: Ports,
  rounds: TriggerRounds,
  {
    hold,
    signal,
    pause,
  }: { readonly hold: TriggerHold; readonly signal: AbortSignal; readonly pause: Pause },
): Promise<readonly TriggerNews[]> {
  try {
    const news: TriggerNews[] = [];
    for (let looks = 1; ; looks += 1) {
      const look = await rounds.look();
      news.push(...look.news);
      if (!look.settling || looks === settlingLooks || signal.aborted) return news;
      await pause(look.nextMs - ports.clock.now(), signal);
    }
  } finally {
    await hold.release();
  }
}

/** Takes the triggers for this process. Nothing is written where there are none, or while another process has them. */
async function takeTurn(ports: Ports, waits: OpenWaits): Promise<TriggerHold | 'held' | 'unneeded'> {
  if (await ports.triggers.keeper()) return 'held';
  const { items, problems } = await loadTriggers(ports.files);
  const hasTriggers = problems.length > 0 || items.some(({ triggers }) => triggers.length > 0);
  const isNeeded = hasTriggers || (await waits.list()).length > 0;
  if (!isNeeded && (await ports.triggers.read()).size === 0) return 'unneeded';
  return ports.triggers.keep();
}

/** Looks, and sleeps until something is due or has changed; a minute at most, since clocks jump. */
async function keepHeld(
  rounds: TriggerRounds,
  hold: TriggerHold,
  { keeping, sleep }: { readonly keeping: Keeping; readonly sleep: Sleep },
): Promise<void> {
  try {
    while (!keeping.signal.aborted) {
      sleep.begin();
      const look = await rounds.look();
      for (const news of look.news) keeping.onNews(news);
      await sleep.until(look.nextMs, look.folders);
    }
  } finally {
    await hold.release();
  }
}

/** Waits for a time, a change of the company's folders, or the end. */
class Sleep implements Disposable {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #pause: Pause;
  readonly #watching: FolderWatch;
  readonly #runs: Disposable;
  readonly #waits: OpenWaits;
  #looking: NodeJS.Timeout | undefined;
  #woken = new AbortController();

  constructor(
    { clock, watched, runs }: Ports,
    waits: OpenWaits,
    { signal, pause }: { readonly signal: AbortSignal; readonly pause: Pause },
  ) {
    this.#clock = clock;
    this.#signal = signal;
    this.#pause = pause;
    this.#waits = waits;
    this.#watching = watched.watch(() => this.#woken.abort());
    this.#runs = runs.watch(() => this.#lookSoon());
  }

  /** What changes from here on ends the next sleep. */
  begin(): void {
    this.#woken = new AbortController();
  }

  async until(atMs: number, folders: readonly string[]): Promise<void> {
    if (this.#signal.aborted) return;
    this.#watching.follow(folders);
    // Between two looks there is at least a moment, whatever a clock says.
    const ms = Math.max(atMs - this.#clock.now(), shortestSleepMs);
    await this.#pause(ms, AbortSignal.any([this.#signal, this.#woken.signal]));
  }

  dispose(): void {
    clearTimeout(this.#looking);
    this.#watching.dispose();
    this.#runs.dispose();
  }

  /** Runs change often while they are executed; what they wait for is looked at once for all of that. */
  #lookSoon(): void {
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined;
      void this.#waits.haveChanged().then(
        (changed) => changed && this.#woken.abort(),
        () => this.#woken.abort(),
      );
    }, limits.waitLookMs);
  }
}

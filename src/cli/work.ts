import { exitCodes } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { WorkLog } from './work-log.ts';
import type { Cairn, TriggerNews } from '../app/cairn.ts';
import { LeftRuns } from '../app/left-runs.ts';
import { RunExecutor } from '../app/run-executor.ts';

const letGoMs = 10_000;
/** Runs may be left without anything being told of them. */
const lookForLeftMs = 60_000;

/** Starts runs when their triggers are due, and executes those and the ones that were left, until interrupted. */
export async function work(shell: Shell, cairn: Cairn): Promise<void> {
  const { signal } = shell;
  const hands = handsOf(shell, cairn);
  const { log, executor } = hands;
  const left = new LeftRuns({
    candidates: () => [],
    look: async (run) => (executor.driving.includes(run) ? 'busy' : cairn.lookAtRun(run)),
    takeOver: (run) => void hands.takeOver(run),
    onError: (thrown) => log.failed(thrown),
  });
  const findLeft = () =>
    void cairn.findLeft().then(
      (runs) => runs.forEach((run) => left.add(run)),
      (thrown: unknown) => log.failed(thrown),
    );
  const looking = setInterval(findLeft, lookForLeftMs);
  const watching = cairn.onDidChangeRun((run) => left.add(run));
  findLeft();
  log.tell({ event: 'working' });
  try {
    await cairn.keepTriggers({
      signal,
      onNews: (news) => void hands.heed(news),
      onTurn: (isOurs) => log.tell({ event: isOurs ? 'keeping' : 'following' }),
    });
  } finally {
    clearInterval(looking);
    watching.dispose();
    left.dispose();
    await executor.dispose(letGoMs);
    await log.written();
    log.tell({ event: 'ended' });
  }
}

/** Looks at the triggers once, and executes what is started and what was left until it rests. */
export async function workOnce(shell: Shell, cairn: Cairn): Promise<void> {
  const { log, executor, heed, takeOver } = handsOf(shell, cairn);
  const letGo = () => void executor.dispose(letGoMs);
  shell.signal.addEventListener('abort', letGo, { once: true });
  const news = await cairn.lookAtTriggers(shell.signal);
  if (news === 'held') log.tell({ event: 'following' });
  const left = await cairn.findLeft();
  if (news.length === 0 && left.length === 0) shell.terminal.say('Nothing is due.');
  await Promise.all([...(news === 'held' ? [] : news).map(heed), ...left.map(takeOver)]);
  await log.written();
  if (log.sawFailure) shell.finish(exitCodes.failed);
  else if (log.sawWaiting) shell.finish(exitCodes.waiting);
}

function handsOf({ terminal }: Shell, cairn: Cairn) {
  const log = new WorkLog(terminal, cairn);
  const executor = new RunExecutor({
    onChange: () => undefined,
    onRest: (run, driven) => log.rested(run, driven),
    onError: (run, thrown) => log.failed(thrown, run),
  });
  return {
    log,
    executor,
    heed: async (news: TriggerNews): Promise<void> => {
      log.news(news);
      if (news.is === 'started' || news.is === 'woken') await executor.drive(cairn, news.run);
    },
    takeOver: async (run: string): Promise<void> => {
      if (executor.driving.includes(run)) return;
      log.tell({ event: 'taken-over', run });
      await executor.drive(cairn, run);
    },
  };
}

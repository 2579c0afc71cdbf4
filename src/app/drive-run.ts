import { setTimeout as timer } from 'node:timers/promises';
import { archiveRun } from './archive-run.ts';
import type { Driven } from './cairn.ts';
import type { CompanyLedger } from './company-ledger.ts';
import type { Ports } from './ports.ts';
import { createWorkshop } from './workshop.ts';
import type { RunLease } from '../contracts/runs.ts';
import { executeRun } from '../engine/execution.ts';
import type { ExecuteRequest } from '../engine/execution.ts';
import { RunFold } from '../engine/fold.ts';
import type { EnginePorts } from '../engine/ports.ts';

/** Node counts timers in 32 bits; longer ones end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Executes a run until it waits, ends or is interrupted. One process does so at a time; the others get `held`. */
export async function driveRun(
  ports: Ports,
  run: string,
  signal: AbortSignal,
  ledger?: CompanyLedger,
): Promise<Driven> {
  for (;;) {
    const fold = new RunFold(run);
    const lease = await ports.runs.lease(run, (record) => fold.apply(record), fold);
    if (lease === 'held') return 'held';
    const driven = await driveLeased(ports, lease, { fold, signal, ledger });
    // An order that came while the lease was being let go found it held, so it is this process's to take.
    if (driven === 'interrupted' || (await ports.runs.orders(run)).length === 0) return driven;
  }
}

interface DriveRequest extends ExecuteRequest {
  readonly ledger: CompanyLedger | undefined;
}

async function driveLeased(ports: Ports, lease: RunLease, request: DriveRequest): Promise<Driven> {
  const { fold, ledger } = request;
  try {
    if (wasInterrupted(fold)) {
      for (const record of await lease.journal.append([resumed(lease)])) fold.apply(record);
    }
    const executed = await executeRun(enginePorts(ports, lease, { run: fold.run, ledger }), request);
    // Under the lease, so that nobody records anything meanwhile.
    if (executed === 'ended' && fold.state) await archiveRun(ports, fold.state);
    return executed;
  } finally {
    await lease.release();
  }
}

function resumed({ epoch }: RunLease) {
  return { type: 'run.resumed', data: { by: `process ${process.pid}, epoch ${epoch}` } } as const;
}

/** Whether the last process left in the middle of something. */
function wasInterrupted({ state }: RunFold): boolean {
  if (!state) return false;
  return state.steps.in('running').size + state.proposals.in('applying').size > 0;
}

function enginePorts(
  ports: Ports,
  { journal }: RunLease,
  { run, ledger }: { readonly run: string; readonly ledger: CompanyLedger | undefined },
): EnginePorts {
  return {
    clock: ports.clock,
    random: ports.random,
    journal,
    workshop: createWorkshop(ports, ledger),
    orders: {
      pending: () => ports.runs.orders(run),
      acknowledge: (id) => ports.runs.acknowledge(run, id),
      onChange: (listener) => ports.runs.onOrder(run, listener),
    },
    sleepUntil: async (atMs, signal) => {
      // The engine looks at the time again, so a wait may end early.
      const delay = Math.min(Math.max(0, atMs - ports.clock.now()), LONGEST_TIMER_MS);
      await timer(delay, undefined, { signal }).catch(() => undefined);
    },
  };
}

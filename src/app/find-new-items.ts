import { setTimeout as timer } from 'node:timers/promises';
import { Remembered } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Ports } from './ports.ts';
import { readItems } from './read-connector.ts';
import { triggerFailures, triggerNotes } from '../base/failures/triggers.ts';
import { limits } from '../base/limits.ts';
import type { ConnectorItem } from '../contracts/connector.ts';
import { occurrenceKey } from '../contracts/trigger.ts';
import type { ConnectorWatch } from '../contracts/trigger.ts';
import type { ProgressOf } from '../contracts/trigger-state.ts';

const titleCharacters = 300;

/** Items of a connector that the trigger has not seen, oldest first. Those that the first look finds are only remembered. */
export async function findNewItems(
  ports: Ports,
  trigger: ConnectorWatch,
  progress: ProgressOf<'connector'> | undefined,
): Promise<Finding> {
  const nowMs = ports.clock.now();
  const dueMs = progress && progress.lookedMs <= nowMs ? progress.lookedMs + trigger.everyMs : nowMs;
  if (progress && nowMs < dueMs) return { progress, found: [], notes: [], nextMs: dueMs };
  const known = new Remembered(progress?.known ?? []);
  const found: Finding['found'][number][] = [];
  let left = 0;
  for (const item of oldestFirst(await readInTime(ports, trigger))) {
    const occurrence = { kind: 'connector', atMs: nowMs, item: factsOf(item) } as const;
    const isFull = progress !== undefined && found.length === limits.triggerRunsPerLook;
    const digest = ports.hash(occurrenceKey(trigger, occurrence)).slice(0, 16);
    if (isFull) left += known.has(digest) ? 0 : 1;
    else if (known.add(digest) && progress) found.push({ occurrence, outside: true, after: [] });
  }
  return {
    progress: { kind: 'connector', lookedMs: nowMs, known: known.newest(limits.triggerMemory) },
    found,
    notes: [...(progress ? [] : [triggerNotes.kept()]), ...(left > 0 ? [triggerNotes.moreItems(left)] : [])],
    nextMs: nowMs + trigger.everyMs,
  };
}

/** A connector that never answers would keep all triggers waiting. */
async function readInTime(ports: Ports, trigger: ConnectorWatch): Promise<readonly ConnectorItem[]> {
  const { connector, operation } = trigger;
  const answered = new AbortController();
  const late = timer(limits.triggerReadMs, undefined, { signal: answered.signal }).then(() => {
    throw triggerFailures.slowConnector(connector, limits.triggerReadMs);
  });
  try {
    return await Promise.race([readItems(ports, { connector, operation, with: { ...trigger.with } }), late]);
  } finally {
    late.catch(() => undefined);
    answered.abort();
  }
}

function factsOf({ id, title, uri, date }: ConnectorItem) {
  return { id, title: title.slice(0, titleCharacters), uri, ...(date === undefined ? {} : { date }) };
}

function oldestFirst(items: readonly ConnectorItem[]): readonly ConnectorItem[] {
  return items.toSorted((a, b) => {
    const [first, second] = [a.date ?? '', b.date ?? ''];
    return first < second ? -1 : first > second ? 1 : 0;
  });
}

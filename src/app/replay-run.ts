import { setImmediate } from 'node:timers/promises';
import type { ReplayReport } from './cairn.ts';
import type { RunReader } from './run-reader.ts';
import { askPolicy } from './workshop.ts';
import { canonicalJson, isObject, toJson } from '../base/json.ts';
import type { Json } from '../base/json.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { replayRun } from '../engine/replay.ts';
import type { Difference } from '../engine/replay-script.ts';

const SHOWN_CHARACTERS = 200;

/**
 * Replays a run from its journal with the engine as it is now. No model is asked and nothing is written. Throws
 * `run.missing`, `journal.corrupt`, `journal.newer`.
 */
export async function replay(reader: RunReader, run: string): Promise<ReplayReport> {
  const { records } = await reader.readWhole(run);
  const replayed = await replayRun(run, records, { askPolicy, idle: () => setImmediate() });
  if (replayed.is === 'different') return { run, ...replayed, message: differenceText(run, replayed) };
  const message = `${run} replays: the engine makes all of its ${records.length} records again, each as it was recorded.`;
  return { run, ...replayed, message };
}

function differenceText(run: string, { n, expected, actual, problem }: Difference): string {
  const engine = problem === undefined ? eventText(actual, 'nothing') : `cannot go on: ${problem}`;
  return [
    `${run} does not replay: record ${n} is not what the engine makes of the records before it.`,
    `  the journal has  ${eventText(expected, 'nothing more')}`,
    `  the engine has   ${engine}`,
    ...(expected && actual ? placeText(toJson(expected), toJson(actual)) : []),
  ].join('\n');
}

function eventText(event: RunEvent | undefined, none: string): string {
  if (!event) return none;
  const place = 'step' in event ? ` of “${event.step}”, attempt ${event.attempt}` : '';
  return `${event.type}${place}: ${shortened(toJson(event.data))}`;
}

/** Where two events of the same kind part. */
function placeText(expected: Json, actual: Json): string[] {
  const place = firstDifference(expected, actual, []);
  if (!place || place.path[0] === 'type') return [];
  const { path, was, is } = place;
  return [`  they part at     ${path.join('.')}: ${shortened(was)} and ${shortened(is)}`];
}

interface Parting {
  readonly path: readonly string[];
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

function firstDifference(
  was: Json | undefined,
  is: Json | undefined,
  path: readonly string[],
): Parting | undefined {
  if (was !== undefined && is !== undefined && canonicalJson(was) === canonicalJson(is)) return undefined;
  if (!isObject(was) || !isObject(is)) return { path, was, is };
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  // An event's kind comes before its data.
  const ordered = keys.toSorted((a, b) => Number(b === 'type') - Number(a === 'type'));
  for (const key of ordered) {
    if (was[key] === undefined && is[key] === undefined) continue;
    const found = firstDifference(was[key], is[key], [...path, key]);
    if (found) return found;
  }
  return undefined;
}

function shortened(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : canonicalJson(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

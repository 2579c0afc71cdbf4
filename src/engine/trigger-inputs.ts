import type { Occurrence, Trigger } from '../contracts/trigger.ts';
import type { JsonObject } from '../base/json.ts';

/** What the templates of a trigger's inputs may name as `trigger.…`. */
export const triggerNames: Readonly<Record<Trigger['kind'], readonly string[]>> = {
  schedule: ['time'],
  file: ['time', 'path'],
  connector: ['time', 'item'],
};

/** What `trigger` is in those templates. */
export function triggerScope(occurrence: Occurrence): JsonObject {
  const time = new Date(occurrence.atMs).toISOString().replace('.000Z', 'Z');
  switch (occurrence.kind) {
    case 'schedule':
      return { time };
    case 'file':
      return { time, path: occurrence.path };
    case 'connector': {
      const { date, ...item } = occurrence.item;
      return { time, item: { ...item, ...(date === undefined ? {} : { date }) } };
    }
  }
}

/** The inputs that hold more of what has triggered than its time. */
export function outsideInputs(inputs: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(inputs).filter((name) =>
    /\btrigger\b/.test((inputs[name] ?? '').replace(/\btrigger\.time\b/g, '')),
  );
}

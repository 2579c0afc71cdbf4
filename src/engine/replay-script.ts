import { canonicalJson, toJson } from '../base/json.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';

/** Where a replay and its journal part. */
export interface Difference {
  /** The number of the record in the journal. */
  readonly n: number;
  /** What the journal holds there; nothing behind its end. */
  readonly expected?: RunEvent | undefined;
  /** What the engine records there; nothing when it has nothing to record. */
  readonly actual?: RunEvent | undefined;
  /** Why the engine could not go on at all. */
  readonly problem?: string | undefined;
}

/** The records of a journal as a replay comes to them, one after the other. */
export class JournalScript {
  readonly #records: readonly JournalRecord[];
  #at = 0;

  constructor(records: readonly JournalRecord[]) {
    this.#records = records;
  }

  get next(): JournalRecord | undefined {
    return this.#records[this.#at];
  }

  /** The record that was come to last. */
  get last(): JournalRecord | undefined {
    return this.#records[this.#at - 1];
  }

  /** The next record, if the process of that epoch has written it. */
  nextOf(epoch: number): JournalRecord | undefined {
    return this.next?.epoch === epoch ? this.next : undefined;
  }

  /** Goes on behind a record that is taken as it is. */
  pass(): JournalRecord {
    const record = this.next;
    if (!record) throw new Error('The journal has no further record');
    this.#at += 1;
    return record;
  }

  /** Whether the process of that epoch has recorded these events next. */
  fits(events: readonly RunEvent[], epoch: number): boolean {
    return this.#differsAt(events, epoch) === -1;
  }

  /**
   * Goes on behind the records of these events. What the process of that epoch has wanted to record last may be
   * missing as a whole: it died before that was on disk.
   */
  take(events: readonly RunEvent[], epoch: number): readonly JournalRecord[] | Difference | 'lost' {
    if (!this.nextOf(epoch)) return 'lost';
    const at = this.#differsAt(events, epoch);
    if (at === -1) return events.map(() => this.pass());
    const expected = this.#records[this.#at + at];
    const n = expected?.n ?? (this.#records.at(-1)?.n ?? 0) + 1;
    return { n, expected: expected?.event, actual: events[at] };
  }

  /** The proposal that the process of that epoch applies next. */
  nextApplication(epoch: number): number | undefined {
    for (let at = this.#at; this.#records[at]?.epoch === epoch; at += 1) {
      const event = this.#records[at]?.event;
      if (event && isApplication(event)) return event.data.n;
    }
    return undefined;
  }

  #differsAt(events: readonly RunEvent[], epoch: number): number {
    return events.findIndex((event, index) => {
      const record = this.#records[this.#at + index];
      return record?.epoch !== epoch || textOf(record.event) !== textOf(event);
    });
  }
}

export type ApplicationEvent = Extract<RunEvent, { type: `apply.${string}` }>;

export function isApplication(event: RunEvent): event is ApplicationEvent {
  return event.type.startsWith('apply.');
}

/** When a step is tried again is a matter of chance, so the record's word is taken for it; that it is, is not. */
function textOf(event: RunEvent): string {
  if (event.type !== 'step.failed' || event.data.retryAtMs === undefined) return canonicalJson(toJson(event));
  return canonicalJson(toJson({ ...event, data: { ...event.data, retryAtMs: 0 } }));
}

import { runFailures } from '../base/failures/runs.ts';
import { runEventSchema, type JournalRecord, type RunEvent } from '../contracts/journal.ts';

/** A record, and its event's data as they are written. */
export interface Numbered {
  readonly record: JournalRecord;
  readonly dataText: string;
}

/** When and by whom events are recorded, and the order that led to them. */
type Recording = Pick<JournalRecord, 'at' | 'epoch' | 'order'>;

/**
 * Gives events their place in a journal. The record holds the event as a reader will find it, after
 * its way through JSON, so that the process that wrote it folds the same values as every other.
 */
export class RecordNumbering {
  readonly #lastOfStep: Map<string, number>;
  #last: number;
  #epoch: number;

  /** Goes on behind the last record, knowing the last one of each step. */
  constructor({ n, epoch } = { n: 0, epoch: 0 }, steps: readonly (readonly [string, number])[] = []) {
    this.#last = n;
    this.#epoch = epoch;
    this.#lastOfStep = new Map(steps);
  }

  /** The number of the last record; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The last record of each step that has one. */
  get steps(): readonly (readonly [string, number])[] {
    return [...this.#lastOfStep];
  }

  /** The epoch of the last record; 0 before the first. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Goes on behind a record that has its place. */
  note({ n, epoch, event }: JournalRecord): void {
    this.#last = n;
    this.#epoch = epoch;
    if ('step' in event) this.#lastOfStep.set(event.step, n);
  }

  /** All or none: throws `internal` when an event would not be readable again. */
  number(events: readonly RunEvent[], { at, epoch, order }: Recording): readonly Numbered[] {
    return events.map(asRead).map(({ event, dataText }) => {
      const cause = this.#causeOf(event);
      const ordered = order === undefined ? {} : { order };
      const record = { n: this.#last + 1, epoch, at, cause, ...ordered, event };
      this.note(record);
      return { record, dataText };
    });
  }

  /** A step's record follows from the step's record before it; any other from what was recorded last. */
  #causeOf(event: RunEvent): number[] {
    const ofStep = 'step' in event ? this.#lastOfStep.get(event.step) : undefined;
    const cause = ofStep ?? this.#last;
    return cause === 0 ? [] : [cause];
  }
}

function asRead(event: RunEvent): { readonly event: RunEvent; readonly dataText: string } {
  const dataText = JSON.stringify(event.data);
  const read = runEventSchema.safeParse({ ...event, data: JSON.parse(dataText) });
  if (read.success) return { event: read.data, dataText };
  const [issue] = read.error.issues;
  throw runFailures.eventRefused(event.type, `${issue?.path.join('.')}: ${issue?.message}`);
}

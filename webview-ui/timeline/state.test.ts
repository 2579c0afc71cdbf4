import { describe, expect, it } from 'vitest';
import { isMessage } from './host.ts';
import { initialState, reduce } from './state.ts';
import type { Action } from './state.ts';
import type { StepDetail, TimelineView } from '../../src/protocol/timeline.ts';

const view = { run: 'r', lanes: [], bars: [], marks: [] } as unknown as TimelineView;
const detail = { step: 'draft' } as StepDetail;
const failure = { code: 'internal', message: 'No.', retry: 'never' } as const;
const select: Action = { type: 'select', selection: { step: 'draft', bar: 'draft/1' } };
const after = (...actions: Action[]) => actions.reduce(reduce, initialState);

describe('the state of the timeline', () => {
  it('keeps showing the run when reading it again fails, until it works again', () => {
    const failed = after({ type: 'timeline', view }, { type: 'failed', failure });
    expect(failed).toMatchObject({ view, failure });
    expect(reduce(failed, { type: 'timeline', view }).failure).toBeUndefined();
  });

  it('shows a detail only while its step is selected', () => {
    expect(after(select, { type: 'step', detail }).detail).toBe(detail);
    expect(after({ type: 'step', detail }).detail).toBeUndefined();
    expect(
      after(select, { type: 'step', detail }, { type: 'select', selection: undefined }).detail,
    ).toBeUndefined();
  });

  it('keeps the detail when another attempt at the same step is selected', () => {
    const other: Action = { type: 'select', selection: { step: 'draft', bar: 'draft/2' } };
    expect(after(select, { type: 'step', detail }, other)).toMatchObject({
      detail,
      selection: { bar: 'draft/2' },
    });
  });

  it('tells the failure of a detail from that of the run', () => {
    expect(after(select, { type: 'failed', failure, step: 'draft' })).toMatchObject({
      detailFailure: failure,
    });
    expect(after({ type: 'failed', failure, step: 'draft' })).toEqual(initialState);
  });

  it('zooms between the whole run and a sixteenth of it', () => {
    expect(after({ type: 'zoom', factor: 0.5 }).zoom).toBe(1);
    expect(after({ type: 'zoom', factor: 1000 }).zoom).toBe(16);
  });
});

describe('messages from the extension host', () => {
  it.each([
    [{ type: 'timeline', view }, true],
    [{ type: 'step', detail }, true],
    [{ type: 'failed', failure }, true],
    [{ type: 'timeline', view: { lanes: [] } }, false],
    [{ type: 'step' }, false],
    [{ type: 'other' }, false],
    ['timeline', false],
    [null, false],
  ])('takes %j: %s', (data, taken) => expect(isMessage(data)).toBe(taken));
});

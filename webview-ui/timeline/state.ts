import type { StepDetail, TimelineToWebview, TimelineView } from '../../src/protocol/timeline.ts';

type Failure = Extract<TimelineToWebview, { type: 'failed' }>['failure'];

export interface Selection {
  readonly step: string;
  /** Key of the bar. */
  readonly bar: string;
}

export interface State {
  readonly view?: TimelineView | undefined;
  /** Why the run could not be read; what was shown before stays. */
  readonly failure?: Failure | undefined;
  readonly selection?: Selection | undefined;
  readonly detail?: StepDetail | undefined;
  readonly detailFailure?: Failure | undefined;
  readonly zoom: number;
}

export type Action =
  | TimelineToWebview
  | { readonly type: 'select'; readonly selection: Selection | undefined }
  | { readonly type: 'zoom'; readonly factor: number };

export const initialState: State = { zoom: 1 };

const MOST_ZOOM = 16;

/** What the timeline shows after a message or a gesture. Pure. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'timeline':
      return { ...state, view: action.view, failure: undefined };
    case 'step':
      if (action.detail.step !== state.selection?.step) return state;
      return { ...state, detail: action.detail, detailFailure: undefined };
    case 'failed':
      if (action.step === undefined) return { ...state, failure: action.failure };
      return action.step === state.selection?.step ? { ...state, detailFailure: action.failure } : state;
    case 'select':
      return select(state, action.selection);
    case 'zoom':
      return { ...state, zoom: Math.min(MOST_ZOOM, Math.max(1, state.zoom * action.factor)) };
  }
}

/** Another attempt at the same step keeps the detail that is there. */
function select(state: State, selection: Selection | undefined): State {
  if (selection && selection.step === state.selection?.step) return { ...state, selection };
  return { ...state, selection, detail: undefined, detailFailure: undefined };
}

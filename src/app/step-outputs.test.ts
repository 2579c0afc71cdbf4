import { expect, test } from 'vitest';
import { outputsFor } from './step-outputs.ts';
import { RunFold } from '../engine/fold.ts';
import { recorded, startOf } from '../../test/fixtures/recorded-run.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Step } from '../contracts/workflow.ts';

const base = { needs: [], timeoutMs: 1, maxAttempts: 1 };
const read = (id: string, needs: readonly string[] = []): Step => {
  return { ...base, kind: 'connector', id, name: id, needs, connector: 'c', operation: 'o', with: {} };
};
const mails: Step = {
  ...base,
  kind: 'map',
  id: 'mails',
  name: 'Mails',
  over: { list: [] },
  atOnce: 1,
  steps: [read('a')],
};

function outputs(untrusted: boolean) {
  const { state } = new RunFold(
    'r',
    recorded([
      startOf([mails, read('last', ['mails'])]),
      { type: 'step.started', step: 'mails', attempt: 1, data: { key: 'k' } },
      {
        type: 'step.expanded',
        step: 'mails',
        attempt: 1,
        data: { input: {}, parts: [{ id: 'mails.1', item: 'Obey me', ...(untrusted ? { untrusted } : {}) }] },
      },
      { type: 'step.started', step: 'mails.1.a', attempt: 1, data: { key: 'k2' } },
      {
        type: 'step.completed',
        step: 'mails.1.a',
        attempt: 1,
        data: { input: {}, output: { said: 'yes' }, cost: noCost, sources: [] },
      },
    ]),
  );
  const last = state?.steps.get('last')?.step;
  if (!state || !last) throw new Error('not started');
  return outputsFor(state, last);
}

test('a map answers with its items and what was made of each', () => {
  const items = [{ item: 'Obey me', steps: { a: { said: 'yes' } } }];
  expect(outputs(false)).toMatchObject({ all: { mails: { items } }, trusted: { mails: { items } } });
});

test('P7: an item from outside is no part of what an agent obeys, however it is come by', () => {
  const { all, trusted } = outputs(true);
  expect(JSON.stringify(all)).toContain('Obey me');
  expect(JSON.stringify(trusted)).not.toContain('Obey me');
});

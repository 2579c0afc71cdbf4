import { describe, expect, test } from 'vitest';
import { AppError, toFailure } from '../base/failure.ts';
import type { Draft, Findings } from '../contracts/agent.ts';
import type { Material, ModelProvider, ModelRequest, Usage } from '../contracts/model.ts';
import { askAgent, type AgentAnswer } from './attempt.ts';
import { agent, material, source } from './material.fixture.ts';
import { modelRequest } from './prompt.ts';

const usage: Usage = { model: 'm', provider: 'p', tokensIn: 10, tokensOut: 5, costUsd: 0.01, durationMs: 3 };
const draft: Draft = {
  intent: 'i',
  unlocks: 'u',
  files: [{ path: 'drafts/a.md', content: 'A' }],
  sources: [],
};
const sources = [source({ id: 'acme', title: 'Acme', text: 'Acme sold 30 % more rooms in spring.' })];

/** A model that says what a test has written down for it, and remembers what it was asked. */
function scripted(replies: readonly (string | Error)[]): ModelProvider & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    id: 'scripted',
    label: 'Scripted',
    asked,
    complete: (request) => {
      const reply = replies[asked.length] ?? new Error('Asked once more than expected.');
      asked.push(request);
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve({ text: reply, usage });
    },
  };
}

function ask(
  provider: ModelProvider,
  task: Material,
  onUsage?: (usage: Usage) => void,
): Promise<AgentAnswer> {
  const request = modelRequest(agent({ role: task.role }), task);
  return askAgent(provider, request, new AbortController().signal, onUsage);
}

describe('an attempt of an agent', () => {
  test('with a valid reply asks once', async () => {
    const provider = scripted([JSON.stringify(draft)]);
    expect(await ask(provider, material())).toEqual({ role: 'executor', output: draft, usage: [usage] });
    expect(provider.asked).toHaveLength(1);
  });

  test('with an invalid reply gives one round to repair it, and counts both', async () => {
    const provider = scripted(['Sure!', JSON.stringify(draft)]);
    expect(await ask(provider, material())).toMatchObject({ output: draft, usage: [usage, usage] });
    expect(provider.asked[1]?.prompt).toContain('Sure!');
    expect(provider.asked[1]?.prompt).toContain('no complete JSON object');
  });

  test('with two invalid replies fails for the operator, says what was wrong and what it cost', async () => {
    const spent: Usage[] = [];
    const failing = ask(scripted(['{}', '{"intent": ""}']), material(), (each) => spent.push(each));
    const thrown: unknown = await failing.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AppError);
    expect(toFailure(thrown)).toMatchObject({
      code: 'model.invalid-reply',
      retry: 'operator',
      message: expect.stringMatching(/^Scripted answered twice .* intent: /),
    });
    expect(spent).toEqual([usage, usage]);
  });

  test('passes the provider’s own failure on, with the first reply counted', async () => {
    const spent: Usage[] = [];
    const down = new AppError({ code: 'model.unavailable', message: 'Down.', retry: 'later' });
    await expect(ask(scripted(['{}', down]), material(), (each) => spent.push(each))).rejects.toBe(down);
    expect(spent).toEqual([usage]);
  });
});

const complaintAbout = async (output: Draft | Findings, task: Material): Promise<string> => {
  const text = JSON.stringify(output);
  const thrown: unknown = await ask(scripted([text, text]), task).catch((error: unknown) => error);
  return thrown instanceof AppError ? thrown.message : 'It was accepted.';
};
const findings = (quote: string, id = 'acme'): Findings => ({
  summary: 's',
  findings: [{ claim: 'c', quote, source: id }],
  gaps: [],
});

describe('a well-formed reply is sent back', () => {
  test.each(['notes/a.md', '../a.md', '/etc/passwd', 'drafts/../AGENTS.md'])(
    'when it writes %s, which it may not',
    async (path) => {
      const stray = { ...draft, files: [{ path, content: '' }] };
      expect(await complaintAbout(stray, material())).toContain('may not be written; these may: drafts/*.md');
    },
  );

  test.each(['../a.md', '/etc/a.md', 'drafts/../../a.md'])(
    'when it writes %s, which leaves the company, whatever it may write',
    async (path) => {
      const stray = { ...draft, files: [{ path, content: '' }] };
      const anything = material({ writes: ['**', '/**', '../**', 'drafts/../../*'] });
      expect(await complaintAbout(stray, anything)).toContain('may not be written');
    },
  );

  test('when it writes the same file twice', async () => {
    const twice = { ...draft, files: [...draft.files, ...draft.files] };
    expect(await complaintAbout(twice, material())).toContain('drafts/a.md occurs twice');
  });

  test('when it names a source that does not exist', async () => {
    const made = { ...draft, sources: ['acme', 'acne'] };
    expect(await complaintAbout(made, material({ sources }))).toContain(
      'no source “acne”; the ids are: acme',
    );
    expect(await complaintAbout(findings('', 'acne'), material({ role: 'fetcher', sources }))).toContain(
      '“acne”',
    );
  });

  test('when it quotes what its source does not say', async () => {
    const task = material({ role: 'fetcher', sources });
    expect(await complaintAbout(findings('Acme sold 50 % fewer beds in winter'), task)).toContain(
      'does not say',
    );
    expect(await complaintAbout(findings('“Acme sold 30% more rooms …”'), task)).toBe('It was accepted.');
  });
});

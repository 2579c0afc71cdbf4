import { describe, expect, test } from 'vitest';
import { AppError, type Failure } from '../base/failure.ts';
import { parseAgentFile } from './agent-file.ts';

const file = '.cairn/agents/executor.agent.md';

function failureOf(text: string, path = file): Failure {
  try {
    parseAgentFile(path, text);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
    throw thrown;
  }
  throw new Error('The file was accepted.');
}

describe('an agent’s file', () => {
  test('gives the agent, with its id from the file’s name and defaults for what is left out', () => {
    const agent = parseAgentFile(file, '---\nname: Writer\nrole: executor\n---\n\nWrite plainly.\n');
    expect(agent).toEqual({
      id: 'executor',
      name: 'Writer',
      role: 'executor',
      model: 'standard',
      budget: {},
      instructions: 'Write plainly.',
    });
  });

  test('may leave its instructions empty', () => {
    expect(parseAgentFile(file, '---\nname: Writer\nrole: executor\n---').instructions).toBe('');
  });

  test('with a misspelt key names its line and column in the whole file', () => {
    const failure = failureOf('---\nname: Writer\nrole: executor\nmodle: deep\n---\n');
    expect(failure).toMatchObject({ code: 'definition.invalid', at: { file, line: 4, column: 1 } });
    expect(failure.message).toContain('modle');
    expect(failure.remedy).toBeTruthy();
  });

  test('with a role that does not exist says which ones do', () => {
    const failure = failureOf('---\nname: Writer\nrole: writer\n---\n');
    expect(failure.at).toEqual({ file, line: 3, column: 7 });
    expect(failure.message).toContain('executor');
  });

  test('with broken YAML names the line of the whole file', () => {
    expect(failureOf('---\nname: "Writer\nrole: executor\n---\n').at?.line).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ['Write plainly.', 'does not begin with front matter'],
    ['---\nname: Writer\n', 'never closed'],
  ])('without closed front matter says how to begin', (text, message) => {
    const failure = failureOf(text);
    expect(failure).toMatchObject({ code: 'definition.invalid', at: { file, line: 1 } });
    expect(failure.message).toContain(message);
    expect(failure.remedy).toContain('---');
  });

  test.each(['.cairn/agents/My Agent.agent.md', '.cairn/agents/.agent.md', '.cairn/agents/executor.md'])(
    'called %s is refused, with how to rename it',
    (path) => {
      const failure = failureOf('---\nname: Writer\nrole: executor\n---\n', path);
      expect(failure).toMatchObject({ code: 'definition.invalid', at: { file: path } });
      expect(failure.remedy).toContain('Rename');
    },
  );
});

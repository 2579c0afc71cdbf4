import type { Examination } from './cairn.ts';
import { checkCompany } from './check-company.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';

type Question = readonly [check: string, look: () => Promise<string>];

/** Looks at the machine and the company, for `cairn doctor`: each check passes, or says what to do. */
export async function examine(ports: Ports, reader: RunReader): Promise<readonly Examination[]> {
  const questions: readonly Question[] = [
    ['Git repository', () => describeRepository(ports)],
    ['Company files', () => describeFiles(ports)],
    ['Memory', () => describeMemory(ports)],
    ['Runs', () => describeRuns(reader)],
    ['Model', () => Promise.resolve(ports.model.label)],
  ];
  return Promise.all(questions.map(answer));
}

async function answer([check, look]: Question): Promise<Examination> {
  try {
    return { check, ok: true, message: await look() };
  } catch (thrown) {
    const failure = toFailure(thrown);
    const { remedy, ...told } = failure;
    return { check, ok: false, message: describeFailure(told), ...(remedy ? { remedy } : {}) };
  }
}

async function describeRepository({ repository }: Ports): Promise<string> {
  const { branch, operation } = await repository.state();
  const head = await repository.head();
  const where = branch
    ? `on ${branch.replace('refs/heads/', '')}`
    : 'HEAD is detached: proposals wait until you are on a branch';
  return `${where}, at ${head.slice(0, 8)}${operation ? `, a ${operation} is under way: proposals wait for its end` : ''}`;
}

async function describeFiles(ports: Ports): Promise<string> {
  const problems = await checkCompany(ports);
  if (problems.length === 0) return 'workflows, agents, policy, connectors and notes can all be read';
  throw new Error(problems.map(describeFailure).join('\n'));
}

async function describeMemory({ memory }: Ports): Promise<string> {
  const { items } = await memory.notes();
  return `${items.length} notes`;
}

async function describeRuns(reader: RunReader): Promise<string> {
  const { readings, problems } = await reader.readAll(limits.runsListed);
  if (problems.length === 0) return `${readings.length} runs`;
  throw new Error(problems.map(({ run, failure }) => `${run}: ${describeFailure(failure)}`).join('\n'));
}

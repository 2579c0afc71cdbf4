import type { Examination } from './cairn.ts';
import { checkCompany } from './check-company.ts';
import { listSecrets } from './connector-secrets.ts';
import { loadPolicy } from './load-definition.ts';
import { listTriggers } from './list-triggers.ts';
import type { Ports } from './ports.ts';
import { measureRuns } from './prune.ts';
import { limitBytes, planRemovals, retentionOf, totalBytes } from './prune-plan.ts';
import type { RunReader } from './run-reader.ts';
import { describeFailure, toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import { secretVariable } from '../base/failures/connectors.ts';
import { limits } from '../base/limits.ts';
import { bytesText, countText } from '../protocol/wording.ts';

type Answer = Omit<Examination, 'check'>;
type Question = readonly [check: string, look: () => Promise<Answer>];

/** Looks at the machine and the company, for `cairn doctor`: each check passes, or says what to do. */
export async function examine(ports: Ports, reader: RunReader): Promise<readonly Examination[]> {
  const questions: readonly Question[] = [
    ['Git repository', () => describeRepository(ports)],
    ['Company files', () => describeFiles(ports)],
    ['Memory', () => describeMemory(ports)],
    ['Runs', () => describeRuns(reader)],
    ['Disk use', () => describeDiskUse(ports, reader)],
    ['Triggers', () => describeTriggers(ports)],
    ['Secrets', () => describeSecrets(ports)],
    ['Model', () => Promise.resolve(good(ports.model.label))],
  ];
  return Promise.all(questions.map(answer));
}

async function answer([check, look]: Question): Promise<Examination> {
  try {
    return { check, ...(await look()) };
  } catch (thrown) {
    const failure = toFailure(thrown);
    const { remedy, ...told } = failure;
    return { check, ok: false, message: describeFailure(told), ...(remedy ? { remedy } : {}) };
  }
}

function good(message: string): Answer {
  return { ok: true, message };
}

/** A failure with all that led to it, each in a line. */
function describeWhole(failure: Failure): string {
  return [describeFailure(failure), ...(failure.causes ?? []).map((cause) => `  because: ${cause}`)].join(
    '\n',
  );
}

function bad(problems: readonly string[]): Answer {
  return { ok: false, message: problems.join('\n') };
}

async function describeRepository({ repository }: Ports): Promise<Answer> {
  const { branch, operation } = await repository.state();
  const head = await repository.head();
  const where = branch
    ? `on ${branch.replace('refs/heads/', '')}`
    : 'HEAD is detached: proposals wait until you are on a branch';
  const busy = operation ? `, a ${operation} is under way: proposals wait for its end` : '';
  return good(`${where}, at ${head.slice(0, 8)}${busy}`);
}

async function describeFiles(ports: Ports): Promise<Answer> {
  const problems = await checkCompany(ports);
  if (problems.length > 0) return bad(problems.map(describeWhole));
  return good('workflows, agents, policy, connectors and notes can all be read');
}

async function describeMemory({ memory }: Ports): Promise<Answer> {
  const { items } = await memory.notes();
  return good(`${items.length} notes`);
}

/** What runs take up, against what policy lets them, and what would be done about it. */
async function describeDiskUse(ports: Ports, reader: RunReader): Promise<Answer> {
  const retention = retentionOf(await loadPolicy(ports.files));
  const [runs, inGit] = await Promise.all([measureRuns(ports, reader), ports.archive.measure()]);
  const [used, limit] = [totalBytes(runs), limitBytes(retention)];
  const folders = `${bytesText(used)} of ${bytesText(limit)} in ${countText(runs.length, 'run folder')}`;
  const refs = `${bytesText(inGit.bytes)} in git (${countText(inGit.refs, 'ref')})`;
  const message = `${folders}; archives and proposals take ${refs}`;
  if (used <= limit) return good(message);
  const removable = totalBytes(planRemovals(runs, retention, ports.clock.now()));
  const remedy =
    removable > 0
      ? `Run “cairn prune” (or “Cairn: Prune Old Runs”): it frees ${bytesText(removable)}.`
      : 'These runs are under way, wait, or failed lately: end them, or raise “retention: {megabytes}” in .cairn/policy.yaml.';
  return { ok: false, message, remedy };
}

async function describeRuns(reader: RunReader): Promise<Answer> {
  const { readings, problems } = await reader.readAll(limits.runsListed);
  if (problems.length > 0)
    return bad(problems.map(({ run, failure }) => `${run}: ${describeFailure(failure)}`));
  return good(`${readings.length} runs`);
}

async function describeSecrets(ports: Ports): Promise<Answer> {
  const secrets = await listSecrets(ports);
  if (secrets.length === 0) return good('no connector names any');
  const missing = secrets.filter(({ isSet }) => !isSet);
  if (missing.length === 0) return good(`${secrets.length}, all set`);
  const texts = missing.map(({ name, connectors }) => `“${name}” of ${connectors.join(', ')} is not set`);
  const variables = missing.map(({ name }) => secretVariable(name)).join(', ');
  const remedy = `Run “Cairn: Set Connector Secret…”, or set ${variables} for the command line.`;
  return { ...bad(texts), remedy };
}

/** Workflows that cannot be read are told with the company's files. */
async function describeTriggers(ports: Ports): Promise<Answer> {
  const { triggers, keeper } = await listTriggers(ports);
  if (triggers.length === 0) return good('no workflow has any, so runs are started by hand');
  const broken = triggers.flatMap(({ workflow, trigger, problem }) =>
    problem ? [`${workflow}, ${trigger}: ${describeFailure(problem)}`] : [],
  );
  if (broken.length > 0) return bad(broken);
  if (keeper) return good(`${triggers.length}, kept by process ${keeper.pid}`);
  return {
    ...good(`${triggers.length}, and no process keeps them now: nothing is started.`),
    remedy: 'Open the company in VS Code, or leave “cairn worker” running.',
  };
}

import { outlineOf, rulesOf } from './build-material.ts';
import type { AttemptContext } from './attempt-context.ts';
import { checkContext } from './check-context.ts';
import { consult } from './consult.ts';
import { handedOnBy } from './handed-on.ts';
import { agentOf } from './perform-agent-step.ts';
import type { Ports } from './ports.ts';
import { sourceRef } from './source-ref.ts';
import { inputsOf } from './step-outputs.ts';
import { dayOf, StepScope } from './step-scope.ts';
import { undecidedBefore, visibleFiles } from './visible-files.ts';
import type { VisibleFiles } from './visible-files.ts';
import { describeRule, runChecks } from '../agents/checks/run-checks.ts';
import { appFailures } from '../base/failures/app.ts';
import { toJson } from '../base/json.ts';
import type { Judgement } from '../contracts/agent.ts';
import type { Finding } from '../contracts/check.ts';
import { matchesAny } from '../contracts/path-rules.ts';
import type { Feedback, Material } from '../contracts/model.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Cost } from '../contracts/proposal.ts';
import type { RunState } from '../contracts/run.ts';
import type { AgentStep, CheckStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

type CheckTask = StepTask & { readonly step: CheckStep };
/** The steps before left everything as it was approved before, so there is nothing to hold against the rules. */
const unchanged: StepOutcome = {
  is: 'done',
  input: { files: [], rules: [] },
  output: { findings: [], judgement: null },
  cost: noCost,
  sources: [],
};

type CheckedFile = Material['files'][number];

/** Runs the declared rules over the undecided files of the steps that the check needs, then asks its judge. */
export async function performCheck(
  ports: Ports,
  task: CheckTask,
  context: AttemptContext,
): Promise<StepOutcome> {
  const { state, step } = task;
  const scope = new StepScope(state, step);
  const visible = visibleFiles(ports, undecidedBefore(state, step.id));
  const files = await filesToCheck(task, visible);
  if (files.length === 0) return unchanged;
  const rules = rulesOf(step, scope);
  const findings = runChecks(rules, files, await checkContext(ports, visible, files));
  const judged = step.judge
    ? await consult(
        ports,
        { agent: agentOf(state, step.judge), material: judgeMaterial(task, files, rules.map(describeRule)) },
        context,
      )
    : undefined;
  const judgement = judged?.answer.role === 'qa' ? judged.answer.output : null;
  const { cost } = context;
  const wrong = complaints(findings, judgement);
  if (wrong.length > 0) return wanting(findings, wrong, cost);
  return {
    is: 'done',
    input: { files: files.map(({ path }) => path), rules: rules.map(describeRule) },
    output: toJson({ findings, judgement }),
    cost,
    model: judged?.model,
    sources: handedOnBy(state, step.id).map(sourceRef),
  };
}

/** The undecided files that the nearest writing steps before the check may write, as they would be. */
async function filesToCheck({ state, step }: CheckTask, visible: VisibleFiles): Promise<CheckedFile[]> {
  const written = nearestWriters(state, step.needs).flatMap((writer) =>
    new StepScope(state, writer).texts(writer.writes, 'writes'),
  );
  const files = undecidedBefore(state, step.id).flatMap((version) => version.files.filter(isText));
  const paths = new Set(files.map(({ path }) => path).filter((path) => matchesAny(path, written)));
  const read = await Promise.all(
    [...paths].map(async (path) => ({ path, content: await visible.read(path) })),
  );
  return read.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }]));
}

/** The first writing steps on every way back from the check. */
function nearestWriters(state: RunState, needs: readonly string[]): AgentStep[] {
  return needs.flatMap((id) => {
    const step = state.steps.get(id)?.step;
    if (step?.kind === 'agent' && step.writes.length > 0) return [step];
    return step ? nearestWriters(state, step.needs) : [];
  });
}

function isText({ binary, kind }: { binary: boolean; kind: string }): boolean {
  return !binary && kind !== 'deleted';
}

function judgeMaterial(
  task: CheckTask,
  files: readonly CheckedFile[],
  expectations: readonly string[],
): Material {
  const { state, step } = task;
  const { rules } = state.definition;
  const workflow = outlineOf(state, step);
  return {
    role: 'qa',
    company: { rules },
    workflow,
    step: { id: step.id, name: step.name },
    objective: `Judge whether the work of “${workflow.name}” is ready for the operator.`,
    inputs: inputsOf(state, step),
    today: dayOf(state),
    writes: [],
    sections: [],
    expectations,
    sources: handedOnBy(state, step.id),
    files,
    feedback: [],
  };
}

function complaints(findings: readonly Finding[], judgement: Judgement | null): string[] {
  const failed = findings.filter(({ passed, severity }) => !passed && severity === 'error');
  const judged =
    judgement?.verdict === 'fail' ? judgement.issues.map(({ where, what }) => `${where}: ${what}`) : [];
  const unexplained = judgement?.verdict === 'fail' && judged.length === 0 ? [judgement.summary] : [];
  return [
    ...failed.map(({ path, message }) => (path ? `${path}: ${message}` : message)),
    ...judged,
    ...unexplained,
  ];
}

function wanting(findings: readonly Finding[], wrong: readonly string[], cost: Cost): StepOutcome {
  const failed = findings.filter(({ passed }) => !passed);
  const feedback: Feedback = { from: 'check', text: wrong.join('\n'), findings: failed };
  const { failure } = appFailures.checkFailed(wrong);
  return { is: 'wanting', feedback, failure, cost };
}

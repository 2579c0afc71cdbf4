import { stringify } from 'yaml';
import type { Plan } from '../contracts/agent.ts';

/** Where a plan comes from; becomes its front matter. */
export interface PlanOrigin {
  readonly run: string;
  readonly workflow: string;
  readonly step: string;
}

/**
 * A plan as Markdown that the operator can edit: later steps read the file, not the model's reply.
 * Every text of the model stands on one line of its own section.
 */
export function renderPlan(plan: Plan, origin: PlanOrigin): string {
  const head = { title: oneLine(plan.title), run: origin.run, workflow: origin.workflow, step: origin.step };
  const parts = [
    `---\n${stringify(head, { lineWidth: 0 })}---`,
    `# ${oneLine(plan.title)}`,
    oneLine(plan.intent),
    section(
      'Objectives',
      plan.objectives.map((text, i) => `${i + 1}. ${oneLine(text)}`),
    ),
    section('Tasks', plan.tasks.map(taskItem)),
    section('Risks', plan.risks.map(bullet)),
    section('Questions', plan.questions.map(bullet)),
    stepsBlock(plan),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The steps that the plan adds, as a workflow's file would hold them; what stands here is what is carried out. */
function stepsBlock({ adds }: Plan): string {
  if (adds.length === 0) return '';
  const steps = adds.map(({ id, agent, objective, needs, writes }) => [
    id,
    {
      agent,
      ...(needs.length > 0 ? { needs } : {}),
      with: { objective: oneLine(objective) },
      ...(writes.length > 0 ? { writes } : {}),
    },
  ]);
  const yaml = stringify({ steps: Object.fromEntries(steps) as unknown }, { lineWidth: 0 });
  return `## Steps\n\n\`\`\`yaml\n${yaml}\`\`\``;
}

function taskItem(task: Plan['tasks'][number]): string {
  const step = oneLine(task.step);
  const what = step === '' ? oneLine(task.what) : `**${step}**: ${oneLine(task.what)}`;
  return `- [ ] ${what}\n  - Done when: ${oneLine(task.doneWhen)}`;
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `## ${title}\n\n${items.join('\n')}`;
}

function bullet(text: string): string {
  return `- ${oneLine(text)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

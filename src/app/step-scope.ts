import { workflowPath } from './load-definition.ts';
import { renderTemplate } from '../agents/template.ts';
import type { TemplateScope } from '../agents/template.ts';
import { triggerFailures } from '../base/failures/triggers.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { RunState } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
import { templateNames } from '../engine/workflow-templates.ts';

/** Renders the texts of one step over the run's inputs and the outputs so far. */
export class StepScope {
  readonly #run: Pick<TemplateScope, 'inputs' | 'run' | 'skipped'>;
  readonly #outputs: { readonly all: JsonObject; readonly trusted: JsonObject };
  readonly #outside: readonly string[];
  readonly #step: Step;
  readonly #file: string;

  constructor(state: RunState, step: Step) {
    this.#step = step;
    this.#file = workflowPath(state.definition.workflow.id);
    this.#run = {
      inputs: state.inputs,
      run: { id: state.id, date: dayOf(state), workflow: state.definition.workflow.name },
      skipped: [...state.steps.values()].flatMap(({ id, status }) => (status.is === 'skipped' ? [id] : [])),
    };
    this.#outside = state.outside;
    this.#outputs = outputsOf(state);
  }

  /** A text used as data: a path, a question, a parameter. Throws `definition.invalid` naming `part`. */
  text(template: string, part: string): string {
    return this.#render(template, part, this.#outputs.all);
  }

  /** A text that an agent obeys. Outputs and inputs from outside are no part of it (promise P7). */
  instruction(template: string, part: string): string {
    const named = templateNames(template).find(
      ({ of, name }) => of === 'inputs' && this.#outside.includes(name),
    );
    if (named) throw triggerFailures.inputFromOutside(named.name, this.#origin(part));
    const inputs = Object.entries(this.#run.inputs).filter(([name]) => !this.#outside.includes(name));
    const trusted = { ...this.#run, inputs: Object.fromEntries(inputs), steps: this.#outputs.trusted };
    return renderTemplate(template, trusted, this.#origin(part));
  }

  /** Whether a condition holds; what it names and is not there, or is empty, does not. */
  holds(condition: string): boolean {
    return this.#render(`{% if ${condition} %}holds{% endif %}`, 'if', this.#outputs.all) === 'holds';
  }

  texts(templates: readonly string[], part: string): string[] {
    return templates.map((template) => this.text(template, part)).filter((text) => text.trim() !== '');
  }

  #render(template: string, part: string, steps: JsonObject): string {
    return renderTemplate(template, { ...this.#run, steps }, this.#origin(part));
  }

  #origin(part: string) {
    const { id, line } = this.#step;
    return { file: this.#file, part: { name: `steps.${id}.${part}`, line } };
  }

  record(templates: Readonly<Record<string, string>>, part: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(templates).map(([key, template]) => [key, this.text(template, `${part}.${key}`)]),
    );
  }
}

/** The run's day, `YYYY-MM-DD` in UTC: the same for all of its steps, however long it waits. */
export function dayOf(state: RunState): string {
  return new Date(state.startedAtMs).toISOString().slice(0, 10);
}

function outputsOf(state: RunState) {
  const done = [...state.steps.values()].flatMap(({ id, status }) =>
    status.is === 'succeeded' ? [{ id, ...status.result }] : [],
  );
  const trusted = done.filter(({ sources }) => !sources.some(({ untrusted }) => untrusted));
  return { all: byStep(done), trusted: byStep(trusted) };
}

function byStep(results: readonly { readonly id: string; readonly output: Json }[]): JsonObject {
  return Object.fromEntries(results.map(({ id, output }) => [id, output]));
}

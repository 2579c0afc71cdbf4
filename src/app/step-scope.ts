import { workflowPath } from './load-definition.ts';
import { inputsOf, outputsFor, partsAround } from './step-outputs.ts';
import { evaluateExpression, renderTemplate } from '../agents/template.ts';
import type { TemplateScope } from '../agents/template.ts';
import type { Place } from '../base/failure.ts';
import { expandingFailures } from '../base/failures/expanding.ts';
import { triggerFailures } from '../base/failures/triggers.ts';
import type { Json } from '../base/json.ts';
import type { RunState } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
import { templateNames } from '../engine/workflow-templates.ts';

/** A tag that names the item. */
const namesItem = /\{[{%][^{}]*\bitem\b/;

/** Renders the texts of one step over the run's inputs, the outputs so far and the item that it works on. */
export class StepScope {
  /** All that the step may know, and without what comes from outside. */
  readonly #scopes: { readonly all: TemplateScope; readonly trusted: TemplateScope };
  readonly #step: Step;
  /** The file that the step is written in. */
  readonly #file: string;
  /** Whether the item comes from outside. */
  readonly #hidesItem: boolean;
  /** Names of the inputs that come from outside. */
  readonly #outside: readonly string[];

  constructor(state: RunState, step: Step) {
    const parts = partsAround(state, step);
    const { workflow } = state.definition;
    const outputs = outputsFor(state, step);
    const [part] = parts.filter(({ item, inputs }) => item !== undefined || inputs !== undefined);
    const common = {
      inputs: inputsOf(state, step),
      run: { id: state.id, date: dayOf(state), workflow: workflow.name },
      skipped: outputs.skipped,
    };
    const item = part?.item === undefined ? {} : { item: part.item };
    this.#step = step;
    this.#hidesItem = part?.untrusted ?? false;
    // A called workflow is given nothing from outside.
    this.#outside = parts.some(({ inputs }) => inputs) ? [] : state.outside;
    this.#file = parts.find(({ file }) => file !== undefined)?.file ?? workflowPath(workflow.id);
    this.#scopes = {
      all: { ...common, ...item, steps: outputs.all },
      trusted: {
        ...common,
        ...(part?.untrusted ? {} : item),
        inputs: Object.fromEntries(
          Object.entries(common.inputs).filter(([name]) => !this.#outside.includes(name)),
        ),
        steps: outputs.trusted,
      },
    };
  }

  /** Where the step is written. */
  get place(): Place {
    const { line } = this.#step;
    return { file: this.#file, ...(line === undefined ? {} : { line }) };
  }

  /** A text used as data: a path, a question, a parameter. Throws `definition.invalid` naming `part`. */
  text(template: string, part: string): string {
    return renderTemplate(template, this.#scopes.all, this.#origin(part));
  }

  /** A text that an agent obeys. What comes from outside is no part of it (promise P7). */
  instruction(template: string, part: string): string {
    const { name } = this.#origin(part).part;
    if (this.#hidesItem && namesItem.test(template)) {
      throw expandingFailures.itemFromOutside(this.place, `The template ${name}`);
    }
    const named = templateNames(template).find(
      ({ of, name: input }) => of === 'inputs' && this.#outside.includes(input),
    );
    if (named) throw triggerFailures.inputFromOutside(named.name, this.#origin(part));
    return renderTemplate(template, this.#scopes.trusted, this.#origin(part));
  }

  /** Whether anything from outside would be in the text. */
  holdsOutside(template: string): boolean {
    try {
      return this.instruction(template, 'text') !== this.text(template, 'text');
    } catch {
      // What cannot be said without it holds it.
      return true;
    }
  }

  /** Whether a condition holds; what it names and is not there, or is empty, does not. */
  holds(condition: string): boolean {
    return this.text(`{% if ${condition} %}holds{% endif %}`, 'if') === 'holds';
  }

  /** What an expression amounts to, and whether anything from outside is in it. */
  value(expression: string, part: string): { readonly value: Json; readonly untrusted: boolean } {
    const { all, trusted } = this.#scopes;
    const value = evaluateExpression(expression, all, this.#origin(part));
    const seen = evaluateExpression(expression, trusted, this.#origin(part), 'lenient');
    return { value, untrusted: JSON.stringify(seen) !== JSON.stringify(value) };
  }

  texts(templates: readonly string[], part: string): string[] {
    return templates.map((template) => this.text(template, part)).filter((text) => text.trim() !== '');
  }

  record(templates: Readonly<Record<string, string>>, part: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(templates).map(([key, template]) => [key, this.text(template, `${part}.${key}`)]),
    );
  }

  #origin(part: string) {
    const { id, line, within } = this.#step;
    return { file: this.#file, part: { name: `steps.${within?.local ?? id}.${part}`, line } };
  }
}

/** The run's day, `YYYY-MM-DD` in UTC: the same for all of its steps, however long it waits. */
export function dayOf(state: RunState): string {
  return new Date(state.startedAtMs).toISOString().slice(0, 10);
}

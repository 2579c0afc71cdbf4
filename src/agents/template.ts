import { Drop, Liquid, LiquidError, UndefinedVariableError, type Context } from 'liquidjs';
import { agentFailures } from '../base/failures/agents.ts';
import type { Place } from '../base/failure.ts';
import { toJson, type Json, type JsonObject } from '../base/json.ts';
import { limits } from '../base/limits.ts';

/** What a workflow's texts may refer to. */
export interface TemplateScope {
  readonly inputs: JsonObject;
  readonly run: { readonly id: string; readonly date: string; readonly workflow: string };
  /** Outputs of the steps that are done, by step. */
  readonly steps: JsonObject;
  /** The item of the map that the text belongs to. */
  readonly item?: Json;
  /** Steps that were gone on without: whatever is asked of them is empty, however deep. */
  readonly skipped?: readonly string[];
  /** What has started the run, for the inputs that its trigger gives. */
  readonly trigger?: JsonObject | undefined;
}

/** Where a template is written. */
export interface TemplateOrigin {
  readonly file: string;
  /** Set when the template is only a part of the file: its name (`steps.draft.with.objective`) and line. */
  readonly part?: { readonly name: string; readonly line?: number | undefined } | undefined;
}

/** What a skipped step has answered: nothing, and nothing below that. */
class Nothing extends Drop {
  override liquidMethodMissing(): this {
    return this;
  }

  override valueOf(): null {
    return null;
  }
}

/** Raised by a filter; its message becomes part of the failure's. */
class FilterError extends Error {}

const engine = buildEngine();

/**
 * Renders a Liquid template. The same text and scope always give the same result: nothing reads the
 * clock, the time zone, chance or the file system, and values are inserted as they are, never
 * rendered again. A missing variable is an error, except as the subject of `if` or `default`.
 * Throws `definition.invalid`, or `limit.reached` when the result is too long.
 */
export function renderTemplate(text: string, scope: TemplateScope, origin: TemplateOrigin): string {
  try {
    const rendered: unknown = engine.parseAndRenderSync(text, contextOf(scope));
    const result = String(rendered);
    if (result.length <= limits.templateCharacters) return result;
  } catch (thrown) {
    throw failureOf(thrown, scope, origin);
  }
  throw agentFailures.longTemplate(placeOf(undefined, origin), subjectOf(origin), limits.templateCharacters);
}

/**
 * The value of a Liquid expression (`steps.research.findings`, `inputs.names | split: ","`); nothing answers `null`.
 * Throws as {@link renderTemplate} does; `lenient` takes what is not there for nothing.
 */
export function evaluateExpression(
  expression: string,
  scope: TemplateScope,
  origin: TemplateOrigin,
  missing: 'strict' | 'lenient' = 'strict',
): Json {
  try {
    const value: unknown = engine.evalValueSync(expression, contextOf(scope));
    return value === undefined || value === null || value instanceof Nothing ? null : toJson(value);
  } catch (thrown) {
    if (missing === 'lenient' && thrown instanceof UndefinedVariableError) return null;
    throw failureOf(thrown, scope, origin);
  }
}

function contextOf({ skipped = [], steps, ...scope }: TemplateScope): object {
  const nothing = new Nothing();
  return { ...scope, steps: { ...steps, ...Object.fromEntries(skipped.map((id) => [id, nothing])) } };
}

/** A path's file name without folders and extension, in lower-case letters, digits and hyphens. */
export function slug(path: string): string {
  const name = path.replaceAll('\\', '/').replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name
    .replace(/(?<=[^.])\.[^.\s]{1,8}$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

function buildEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    timezoneOffset: 0,
    locale: 'en-US',
    parseLimit: limits.definitionBytes,
    renderLimit: limits.templateRenderMs,
    memoryLimit: 16 * limits.templateCharacters,
    outputEscape(this: { readonly context: Context } | undefined, value: unknown) {
      const text = asText(value);
      this?.context.memoryLimit.use(text.length);
      return text;
    },
  });
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag];
  liquid.unregisterFilter('sample');
  liquid.registerFilter('slug', (value: unknown) => slug(asText(value)));
  for (const name of Object.keys(liquid.filters)) if (name.startsWith('date')) fixDate(liquid, name);
  return liquid;
}

/** Keeps a date filter from reading the clock (`now`) and the machine's time zone (times without one). */
function fixDate(liquid: Liquid, name: string): void {
  const original = liquid.filters[name];
  if (typeof original !== 'function') throw new TypeError(`The filter ${name} is not a function.`);
  liquid.registerFilter(name, function (value: unknown, ...rest: unknown[]): unknown {
    if (!isFixedDate(value)) {
      throw new FilterError(
        `“${asText(value)}” is not a date such as 2026-01-31 or 2026-01-31T09:00:00Z (for today, use run.date)`,
      );
    }
    return original.call(this, value, ...rest) as unknown;
  });
}

function isFixedDate(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const wellFormed = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(value);
  return wellFormed && !Number.isNaN(Date.parse(value));
}

/** Texts as they are, lists of them with commas, anything deeper as JSON; never `[object Object]`. */
function asText(value: unknown): string {
  if (value === null || value === undefined || value instanceof Nothing) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ');
  return JSON.stringify(value);
}

function failureOf(thrown: unknown, scope: TemplateScope, origin: TemplateOrigin): Error {
  const subject = subjectOf(origin);
  const at = placeOf(thrown, origin);
  if (thrown instanceof UndefinedVariableError) {
    const name = plainMessage(thrown).replace(/^undefined variable: /, '');
    return agentFailures.unknownVariable(at, subject, name, knownNames(scope));
  }
  const message = plainMessage(thrown);
  if (/limit exceeded|Invalid string length/.test(message)) {
    return agentFailures.longTemplate(at, subject, limits.templateCharacters);
  }
  return agentFailures.badTemplate(at, subject, message);
}

/** Liquid's message without the place, which is told apart from it. */
function plainMessage(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(/,( file:.*?,)? line:\d+, col:\d+$/s, '').replace(/\.$/, '');
}

function subjectOf(origin: TemplateOrigin): string {
  return origin.part ? `The template ${origin.part.name}` : 'The template';
}

/** A template that is a file of its own has exact places; a part of a file has the line of its step. */
function placeOf(thrown: unknown, origin: TemplateOrigin): Place {
  if (origin.part) {
    const { line } = origin.part;
    return line === undefined ? { file: origin.file } : { file: origin.file, line };
  }
  if (!LiquidError.is(thrown)) return { file: origin.file };
  const [line, column] = thrown.token.getPosition();
  return line === undefined || column === undefined
    ? { file: origin.file }
    : { file: origin.file, line, column };
}

function knownNames(scope: TemplateScope): string[] {
  const { inputs, run, steps, item, trigger = {} } = scope;
  const names = Object.entries({ inputs, run, steps, trigger }).flatMap(([name, value]) =>
    Object.keys(value).map((key) => `${name}.${key}`),
  );
  return item === undefined ? names : [...names, 'item'];
}

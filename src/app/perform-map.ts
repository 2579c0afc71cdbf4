import type { Ports } from './ports.ts';
import { outsidePaths } from './outside-paths.ts';
import { StepScope } from './step-scope.ts';
import { undecidedBefore, visibleFiles } from './visible-files.ts';
import { expandingFailures } from '../base/failures/expanding.ts';
import type { Json } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import type { MapStep, Part } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

type MapTask = StepTask & { readonly step: MapStep };

interface Items {
  readonly items: readonly Json[];
  /** Whether others had a hand in them (promise P7). */
  readonly untrusted: boolean;
}

/** Finds the items of a map: its steps are carried out for each. */
export async function performMap(ports: Ports, task: MapTask): Promise<StepOutcome> {
  const { step } = task;
  const { items, untrusted } = await itemsOf(ports, task);
  if (items.length > limits.mapItems) throw expandingFailures.tooManyItems(step.name, items.length);
  const parts = items.map((item, i): Part => {
    return {
      id: `${step.id}.${i + 1}`,
      label: untrusted ? `#${i + 1}` : labelOf(item, i + 1),
      item,
      ...(untrusted ? { untrusted } : {}),
    };
  });
  return { is: 'expanded', input: { items: parts.map(({ label }) => label ?? '') }, parts };
}

async function itemsOf(ports: Ports, { state, step }: MapTask): Promise<Items> {
  const { over } = step;
  const scope = new StepScope(state, step);
  if ('list' in over) {
    const items = over.list.map((item) => textItem(scope, item));
    return { items, untrusted: over.untrusted ?? false };
  }
  if ('files' in over) {
    const files = visibleFiles(ports, undecidedBefore(state, step.id));
    const items = await files.find(scope.texts(over.files, 'map.files'));
    const isOutside = await outsidePaths(ports.files);
    return { items, untrusted: items.some(isOutside) || over.files.some((glob) => scope.holdsOutside(glob)) };
  }
  const { value, untrusted } = scope.value(over.expression, 'map');
  return { items: listOf(value, over.expression, scope), untrusted };
}

/** The texts of a list that is written in the workflow are templates, as all of its texts are. */
function textItem(scope: StepScope, item: Json): Json {
  return typeof item === 'string' ? scope.instruction(item, 'map') : item;
}

function listOf(value: Json, expression: string, scope: StepScope): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  if (value === null) return [];
  if (typeof value !== 'string') throw expandingFailures.notAList(scope.place, expression, kindOf(value));
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function kindOf(value: Json): string {
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'a map of keys';
}

const longestLabel = 40;

/** A short text says best which item it is; anything else is counted. */
function labelOf(item: Json, place: number): string {
  const text = typeof item === 'string' ? (item.split('/').at(-1) ?? '') : '';
  return text === '' || text.length > longestLabel ? `#${place}` : text;
}

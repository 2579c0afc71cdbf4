import { mkdir, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Failure } from '../base/failure.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { limits } from '../base/limits.ts';
import { decisionSchema, verdictSchema } from '../contracts/proposal.ts';
import type { RunOrder } from '../contracts/runs.ts';
import { occurrenceSchema } from '../contracts/trigger.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { parseJson } from './parse-json.ts';

export const ordersFolder = 'orders';

/** ULIDs as Cairn makes them; whatever else sorts by name and is safe as a file's name. */
const id = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$/, 'not an order’s id');
const who = z.string();

const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('decide'),
    id,
    n: z.number().int(),
    version: z.number().int(),
    commit: decisionSchema.shape.commit,
    verdict: verdictSchema,
    who,
    comment: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('retry'),
    id,
    who,
    step: z.string().optional(),
    with: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('skip'), id, who, step: z.string(), why: z.string() }),
  z.strictObject({ kind: z.literal('take'), id, who, step: z.string() }),
  z.strictObject({
    kind: z.literal('answer'),
    id,
    who,
    step: z.string(),
    choice: z.string(),
    attempt: z.number().int().optional(),
  }),
  z.strictObject({ kind: z.literal('signal'), id, who, event: z.string(), text: z.string() }),
  z.strictObject({
    kind: z.literal('occur'),
    id,
    who,
    step: z.string(),
    attempt: z.number().int(),
    occurrence: occurrenceSchema,
    outside: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('stop'), id, who, why: z.string().optional() }),
]) satisfies z.ZodType<RunOrder>;

/** Refuses an order that its reader would not understand. Throws `input.invalid`. */
export function checkOrder(order: RunOrder): RunOrder {
  const read = orderSchema.safeParse(order);
  if (read.success) return read.data;
  throw runFailures.orderInvalid({ file: order.id }, describe(read.error), 'It was not put down.');
}

/** The operator's orders to one run, one file each, named by the order's id. */
export class OrderFolder {
  readonly #folder: string;
  readonly #name: string;
  readonly #onProblem: (failure: Failure) => void;

  /** `name` is how messages call the folder. */
  constructor(folder: string, name: string, onProblem: (failure: Failure) => void) {
    this.#folder = folder;
    this.#name = name;
    this.#onProblem = onProblem;
  }

  /** Resolves when the order survives a loss of power. The same id again is the same order. */
  async put(order: RunOrder): Promise<void> {
    const text = JSON.stringify(checkOrder(order));
    const path = join(this.#folder, `${order.id}.json`);
    if (await exists(path)) return;
    await this.#ensureFolder();
    await writeFileAtomic(path, text, { durable: true });
  }

  /** Oldest first. A file that is no order is moved aside and reported; the others stand. */
  async pending(): Promise<readonly RunOrder[]> {
    const orders: RunOrder[] = [];
    for (const name of await orderNames(this.#folder)) {
      const order = await this.#read(name);
      if (order) orders.push(order);
    }
    return orders;
  }

  async remove(order: string): Promise<void> {
    if (!id.safeParse(order).success) return;
    const path = join(this.#folder, `${order}.json`);
    await unlink(path).catch((thrown: unknown) => {
      if (codeOf(thrown) !== 'ENOENT') throw runFailures.fileFailed('written', path, thrown);
    });
  }

  /** The run's folder is not made anew: it may have been removed a moment ago. */
  async #ensureFolder(): Promise<void> {
    await mkdir(this.#folder).catch((thrown: unknown) => {
      if (codeOf(thrown) !== 'EEXIST') throw runFailures.fileFailed('written', this.#folder, thrown);
    });
  }

  async #read(name: string): Promise<RunOrder | undefined> {
    const text = await this.#textOf(name);
    if (text === undefined) return undefined;
    const read = orderSchema.safeParse(parseJson(text));
    if (read.success && `${read.data.id}.json` === name) return read.data;
    await this.#moveAside(name, read.success ? 'its id is not the name of its file' : describe(read.error));
    return undefined;
  }

  /** Nothing when it was acknowledged meanwhile. */
  async #textOf(name: string): Promise<string | undefined> {
    const path = join(this.#folder, name);
    try {
      const { size } = await stat(path);
      return size > limits.definitionBytes ? '' : await readFile(path, 'utf8');
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return undefined;
      throw runFailures.fileFailed('read', path, thrown);
    }
  }

  async #moveAside(name: string, why: string): Promise<void> {
    const aside = `${name.slice(0, -'.json'.length)}.bad`;
    try {
      await rename(join(this.#folder, name), join(this.#folder, aside));
    } catch {
      return; // Another process was first, and reports it.
    }
    const at = { file: `${this.#name}/${name}` };
    const kept = `It is kept as ${aside}; the other orders stand.`;
    this.#onProblem(runFailures.orderInvalid(at, why, kept).failure);
  }
}

/** Whether something waits in a folder of orders. Throws `file.failed`. */
export async function hasOrders(folder: string): Promise<boolean> {
  return (await orderNames(folder)).length > 0;
}

async function orderNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(isOrderFile).toSorted();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw runFailures.fileFailed('read', folder, thrown);
  }
}

function isOrderFile(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.');
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  return [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

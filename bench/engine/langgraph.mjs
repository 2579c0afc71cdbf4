import { join } from 'node:path';
import process from 'node:process';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { compete, readTask } from './contestant.mjs';

/** @typedef {import('./contestant.mjs').Task & { folder: string, synchronous: 'full' | 'default' }} SaverTask */

/** Tracing, if the environment asks for it, would send every step to a service and time that too. */
for (const product of ['LANGSMITH', 'LANGCHAIN']) {
  delete process.env[`${product}_TRACING`];
  delete process.env[`${product}_TRACING_V2`];
}

/** @type {SaverTask} */
const task = readTask();
const saver = openSaver(task);
const graph = countingGraph(saver);
console.log(
  await compete(task, {
    packages: ['@langchain/langgraph', '@langchain/langgraph-checkpoint-sqlite'],
    run,
    verify,
  }),
);
saver.db.close();

/**
 * The journal mode is the saver's own (WAL); "full" makes every commit reach the disk before it returns.
 * @param {SaverTask} task
 */
function openSaver({ folder, synchronous }) {
  const opened = SqliteSaver.fromConnString(join(folder, 'checkpoints.sqlite'));
  if (synchronous === 'full') opened.db.pragma('synchronous = FULL');
  return opened;
}

/**
 * One node that counts, and an edge back to it until the run's goal is reached.
 * @param {SqliteSaver} checkpointer
 */
function countingGraph(checkpointer) {
  const state = Annotation.Root({ count: Annotation(), goal: Annotation() });
  return new StateGraph(state)
    .addNode('step', ({ count }) => ({ count: count + 1 }))
    .addEdge(START, 'step')
    .addConditionalEdges('step', ({ count, goal }) => (count < goal ? 'step' : END), ['step', END])
    .compile({ checkpointer });
}

/**
 * @param {string} name
 * @param {number} steps
 */
async function run(name, steps) {
  const { count } = await graph.invoke(
    { count: 0, goal: steps },
    { configurable: { thread_id: name }, recursionLimit: steps + 1, durability: 'sync' },
  );
  if (count !== steps) throw new Error(`${name} did not count to ${steps}.`);
}

/**
 * @param {string} name
 * @param {number} steps
 */
async function verify(name, steps) {
  const kept = saver.db.prepare('SELECT count(*) FROM checkpoints WHERE thread_id = ?').pluck().get(name);
  if (kept < steps) throw new Error(`${name} kept ${kept} checkpoints of ${steps} steps.`);
}

import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { compete, readTask } from './contestant.mjs';

/** @typedef {import('./contestant.mjs').Task & { url: string }} DatabaseTask */

/** @type {DatabaseTask} */
const task = readTask();
/** Names this process's workflows, so that it neither meets nor recovers those of an earlier one. */
const session = randomUUID();
const count = DBOS.registerWorkflow(counting, { name: 'counting' });
DBOS.setConfig({
  name: 'cairn-bench',
  systemDatabaseUrl: task.url,
  systemDatabaseSchemaName: 'cairn_bench',
  executorID: session,
  applicationVersion: session,
  logger: { debug() {}, info() {}, warn: console.error, error: console.error },
});
await DBOS.launch();
const line = await compete(task, { packages: ['@dbos-inc/dbos-sdk'], run, verify });
await DBOS.shutdown();
console.log(line);

/** @param {number} steps */
async function counting(steps) {
  let counter = 0;
  for (let step = 0; step < steps; step += 1) {
    counter = await DBOS.runStep(async () => counter + 1, { name: 'step' });
  }
  return counter;
}

/**
 * @param {string} name
 * @param {number} steps
 */
async function run(name, steps) {
  const handle = await DBOS.startWorkflow(count, { workflowID: idOf(name) })(steps);
  const counter = await handle.getResult();
  if (counter !== steps) throw new Error(`${name} counted to ${counter} instead of ${steps}.`);
}

/**
 * @param {string} name
 * @param {number} steps
 */
async function verify(name, steps) {
  const kept = (await DBOS.listWorkflowSteps(idOf(name))) ?? [];
  if (kept.length < steps) throw new Error(`${name} kept ${kept.length} of ${steps} steps.`);
}

/** @param {string} name */
function idOf(name) {
  return `${session}-${name}`;
}

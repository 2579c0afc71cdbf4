import { afterEach, describe, expect, test } from 'vitest';
import { driveRun } from './drive-run.ts';
import { keepTriggers } from './keep-triggers.ts';
import type { Ports } from './ports.ts';
import { replay } from './replay-run.ts';
import { RunReader } from './run-reader.ts';
import { startRun } from './start-run.ts';
import { TriggerCompany } from './trigger-company.fixture.ts';
import type { TriggerLook, TriggerNews } from './trigger-rounds.ts';
import type { RunState } from '../contracts/run.ts';
import { runWaits } from '../insight/waits.ts';
import { waitText } from '../protocol/waits.ts';

const path = '.cairn/workflows/loop.yaml';
const waiting = (wait: string) => `name: Loop
inputs: {folder: {default: replies}}
steps:
  reply: {wait: ${wait}}
  again: {needs: reply, wait: ${wait}}
`;
const onFile = waiting(`{paths: "{{ inputs.folder }}/*.md"}`);
const onItem = waiting(`{connector: inbox, operation: rows, every: 1}`);
const inbox = '.cairn/connectors/inbox.yaml';
const drop = 'type: file-drop\nfolder: replies\n';

let company: TriggerCompany;
let ports: Ports;
let run: string;
afterEach(() => company.sandbox.dispose());

/** A run of the loop that has come to its wait. */
async function begin(files: Readonly<Record<string, string>>): Promise<void> {
  company = new TriggerCompany(files);
  ports = await company.ports();
  run = await startRun(ports, { workflow: 'loop', inputs: {}, trigger: 'manual' });
  await drive();
}

async function drive(): Promise<void> {
  await driveRun(ports, run, new AbortController().signal);
}

async function state(): Promise<RunState> {
  return (await new RunReader(ports.runs).read(run)).state;
}

async function outputOf(step: string): Promise<unknown> {
  const status = (await state()).steps.get(step)?.status;
  return status?.is === 'succeeded' ? status.result.output : status?.is;
}

const woken = ({ news }: TriggerLook) => news.flatMap((one) => (one.is === 'woken' ? [one.step] : []));

describe('a step that waits for a file', () => {
  test('goes on with the first version that comes, once', async () => {
    await begin({ [path]: onFile });
    expect(woken(await company.look())).toEqual([]);
    company.put('replies/yes.md', 'Yes');
    company.put('replies/zero.md', 'No');
    expect(woken(await company.look())).toEqual(['reply']);
    expect(woken(await company.look())).toEqual([]);
    await drive();
    expect(await outputOf('reply')).toEqual({ time: expect.any(String), path: 'replies/yes.md' });
    expect(woken(await company.look())).toEqual([]);
    expect(await outputOf('again')).toBe('waiting');
  });

  test('takes nothing for new that was there when it began, but another version of it', async () => {
    await begin({ [path]: onFile, 'replies/old.md': 'old' });
    expect(woken(await company.look())).toEqual([]);
    company.put('replies/old.md', 'new');
    expect(woken(await company.look())).toEqual(['reply']);
  });

  test('P2: misses nothing that came before anybody looked', async () => {
    await begin({ [path]: onFile, 'replies/old.md': 'old' });
    company.clock.advance(3_600_000);
    company.put('replies/yes.md', 'Yes');
    expect(woken(await company.look())).toEqual(['reply']);
  });

  test('leaves a file alone that is being written', async () => {
    await begin({ [path]: onFile });
    company.put('replies/yes.md', 'Y', 0);
    const look = await company.look();
    expect([woken(look), look.settling]).toEqual([[], true]);
    company.clock.advance(5_000);
    expect(woken(await company.look())).toEqual(['reply']);
  });

  test('P2: is woken once, although the process that told it died before it had noted so', async () => {
    await begin({ [path]: onFile });
    company.put('replies/yes.md', 'Yes');
    const hold = await ports.triggers.keep();
    if (hold === 'held') throw new Error('held');
    const dying: Ports = {
      ...ports,
      triggers: {
        ...ports.triggers,
        keep: async () => ({
          ...hold,
          damaged: [],
          states: hold.states,
          isOurs: () => true,
          put: hold.put.bind(hold),
          drop: hold.drop.bind(hold),
          release: hold.release.bind(hold),
        }),
      },
      runs: Object.assign(Object.create(ports.runs) as Ports['runs'], {
        list: () => ports.runs.list(),
        watch: ports.runs.watch.bind(ports.runs),
        stamp: ports.runs.stamp.bind(ports.runs),
        read: ports.runs.read.bind(ports.runs),
        order: async (id: string, order: Parameters<Ports['runs']['order']>[1]) => {
          await ports.runs.order(id, order);
          throw new Error('killed');
        },
      }),
    };
    await company.look(dying);
    expect(await ports.runs.orders(run)).toHaveLength(1);
    expect(woken(await company.look())).toEqual(['reply']);
    await drive();
    expect(await outputOf('again')).toBe('waiting');
  });

  test('fails when its time is up, and says for what it waited', async () => {
    await begin({ [path]: waiting('{paths: "replies/*.md", within: 1 hour}') });
    company.clock.advance(3_600_000);
    await drive();
    const failure = { code: 'wait.expired', message: 'A new version of replies/*.md has not come in time.' };
    expect((await state()).steps.get('reply')?.status).toMatchObject({ is: 'failed', failure });
    company.put('replies/late.md', 'Late');
    expect(woken(await company.look())).toEqual([]);
  });

  test('says what it waits for, and not what was there', async () => {
    await begin({ [path]: onFile, 'replies/old.md': 'old' });
    const now = await state();
    const [wait] = runWaits(now);
    expect(wait?.wait).not.toHaveProperty('known');
    expect(wait && waitText(wait.wait, 0)).toBe('waits for a new version of replies/*.md');
    expect(now.status).toEqual({ is: 'waiting', for: 'a new version of replies/*.md' });
  });

  test('P5: is replayed from its journal', async () => {
    await begin({ [path]: onFile });
    company.put('replies/yes.md', 'Yes');
    await company.look();
    await drive();
    expect(await replay(new RunReader(ports.runs), run)).toMatchObject({ is: 'same' });
  });
});

describe('a step that waits for an item', () => {
  test('P7: answers with it as text from outside', async () => {
    await begin({ [path]: onItem, [inbox]: drop, 'replies/rows.csv': 'id,name\n1,Ada\n' });
    company.clock.advance(61_000);
    expect(woken(await company.look())).toEqual([]);
    company.sandbox.write('replies/rows.csv', 'id,name\n1,Ada\n2,Grace\n');
    company.clock.advance(61_000);
    expect(woken(await company.look())).toEqual(['reply']);
    await drive();
    const { tainted, steps } = await state();
    const status = steps.get('reply')?.status;
    expect(status).toMatchObject({
      result: {
        output: { item: { id: '2', title: 'Grace' } },
        sources: [{ id: 'inbox:2', untrusted: true }],
      },
    });
    expect(tainted).toBe(true);
  });

  test('says why it cannot begin to wait when its connector is not there', async () => {
    await begin({ [path]: onItem });
    expect((await state()).steps.get('reply')?.status).toMatchObject({
      is: 'failed',
      failure: { code: 'connector.missing' },
    });
  });
});

test('P7: a file that a connector reads is text from outside, one of the operator is not', async () => {
  await begin({ [path]: onFile, [inbox]: 'type: file-drop\nfolder: replies\n' });
  company.put('replies/yes.md', 'Yes');
  await company.look();
  await drive();
  expect((await state()).tainted).toBe(true);
  await begin({ [path]: onFile });
  company.put('replies/yes.md', 'Yes');
  await company.look();
  await drive();
  expect((await state()).tainted).toBe(false);
});

test('a wait that begins while the triggers are kept is looked at, although no workflow has a trigger', async () => {
  company = new TriggerCompany({ [path]: onFile, 'replies/old.md': 'old' });
  ports = await company.ports();
  const controller = new AbortController();
  const news: TriggerNews[] = [];
  const waits = [
    async () => {
      run = await startRun(ports, { workflow: 'loop', inputs: {}, trigger: 'manual' });
      await drive();
    },
    async () => company.put('replies/yes.md', 'Yes'),
  ];
  const pause = async (_ms: number, signal: AbortSignal) => {
    const change = waits.shift();
    if (!change) return controller.abort();
    const changed = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await change();
    await changed;
  };
  const keeping = { signal: controller.signal, onNews: (one: TriggerNews) => news.push(one) };
  await keepTriggers(ports, new RunReader(ports.runs), keeping, pause);
  expect(news).toMatchObject([{ is: 'woken', run, step: 'reply', trigger: 'file replies/yes.md' }]);
});

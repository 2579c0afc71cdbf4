import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Ports } from './ports.ts';
import { TriggerCompany } from './trigger-company.fixture.ts';
import type { TriggerLook } from './trigger-rounds.ts';
import { limits } from '../base/limits.ts';
import { noCost } from '../contracts/proposal.ts';
import { loopSteps, proposalVersion, startOf } from '../../test/fixtures/recorded-run.ts';

const hourMs = 3_600_000;

const workflow = (on: string, inputs = '') => `name: Loop
on: ${on}
inputs: {${inputs || 'brief: {default: none}'}}
steps:
  ask: {gate: Good?}
`;

const onFiles = workflow(`{file: [{paths: "briefs/**", inputs: {brief: "{{ trigger.path }}"}}]}`);
const hourly = (catchUp = 'latest') => workflow(`{schedule: [{cron: "0 * * * *", catchUp: ${catchUp}}]}`);

let company: TriggerCompany;
afterEach(() => company.sandbox.dispose());

function open(files: Readonly<Record<string, string>>): TriggerCompany {
  company = new TriggerCompany(files);
  return company;
}

const loop = '.cairn/workflows/loop.yaml';
const told = ({ news }: TriggerLook) =>
  news.map((one) =>
    one.is === 'problem' ? one.failure.message : one.is === 'note' ? one.text : one.trigger,
  );
const stateFiles = () =>
  readdirSync(company.sandbox.path('.cairn/runs/.triggers')).filter((name) => name.endsWith('.json'));

/** The ports of a process that dies at one of its calls: what it has done until then stays on disk, and nothing follows. */
function dying(ports: Ports, at: 'before create' | 'after create' | 'after start'): Ports {
  let dead = false;
  const death = () => {
    dead = true;
    throw new Error('killed');
  };
  const runs: Ports['runs'] = Object.assign(Object.create(ports.runs), {
    list: () => ports.runs.list(),
    watch: (listener: (run: string) => void) => ports.runs.watch(listener),
    create: async (run: string) => {
      if (at === 'before create') death();
      const created = await ports.runs.create(run);
      if (at === 'after create') death();
      return created;
    },
    lease: async (run: string, onRecord: () => void) => {
      const lease = await ports.runs.lease(run, onRecord);
      return lease === 'held' ? lease : { ...lease, release: async () => (await lease.release(), death()) };
    },
  });
  const keep = async () => {
    const hold = await ports.triggers.keep();
    if (hold === 'held') return hold;
    const put: typeof hold.put = (id, state) => (dead ? death() : hold.put(id, state));
    return {
      ...hold,
      states: hold.states,
      isOurs: () => hold.isOurs(),
      put,
      drop: death,
      release: () => hold.release(),
    };
  };
  return { ...ports, runs, triggers: { ...ports.triggers, keep } };
}

describe('a schedule', () => {
  test('starts a run at its time, once, with the time in its words', async () => {
    const { clock } = open({ [loop]: hourly() });
    const keeper = await company.take();
    expect((await keeper.look()).nextMs).toBe(clock.now() + limits.triggerLookMs);
    clock.advance(hourMs - 1);
    expect(told(await keeper.look())).toEqual([]);
    clock.advance(1);
    expect(told(await keeper.look())).toEqual(['schedule 0 * * * * at 2026-01-05T10:00Z']);
    expect(told(await keeper.look())).toEqual([]);
    await keeper.end();
    const [run] = await company.runs();
    expect(run).toMatchObject({ trigger: 'schedule 0 * * * * at 2026-01-05T10:00Z', tainted: false });
    expect(run?.id).toMatch(/^20260105-loop-[0-9a-f]{12}$/);
  });

  test('catches up with the latest, all or none of what passed, and tells the rest', async () => {
    open({
      [loop]: hourly(),
      '.cairn/workflows/all.yaml': hourly('all'),
      '.cairn/workflows/none.yaml': hourly('none'),
    });
    await company.look();
    company.clock.advance(3.5 * hourMs);
    const look = await company.look();
    const runs = (await company.runs()).map(({ definition }) => definition.workflow.id).toSorted();
    expect(runs).toEqual(['all', 'all', 'all', 'loop']);
    expect(told(look).filter((text) => /not caught up/.test(text))).toEqual(
      [
        '2 times passed while no Cairn was open, and are not caught up with.',
        '3 times passed while no Cairn was open, and are not caught up with.',
      ].toSorted(),
    );
  });

  test('a clock that is set back starts nothing twice, and one that was years ahead does not silence it', async () => {
    open({ [loop]: hourly() });
    await company.look();
    company.clock.advance(hourMs);
    await company.look();
    company.clock.advance(-hourMs / 2);
    await company.look();
    company.clock.advance(hourMs / 2);
    await company.look();
    expect(await company.started()).toHaveLength(1);
    company.clock.advance(365 * 24 * hourMs);
    await company.look();
    company.clock.advance(-365 * 24 * hourMs);
    await company.look();
    company.clock.advance(hourMs);
    await company.look();
    expect(await company.started()).toContain('schedule 0 * * * * at 2026-01-05T11:00Z');
  });
});

describe('a file trigger', () => {
  test('starts one run per version: not for what was there, nor twice, nor for what comes back', async () => {
    open({ [loop]: onFiles, 'briefs/old.md': 'old' });
    await company.look();
    company.put('briefs/new.md', 'one');
    expect(told(await company.look())).toEqual(['file briefs/new.md']);
    company.put('briefs/new.md', 'one', 30);
    expect(told(await company.look())).toEqual([]);
    company.put('briefs/new.md', 'two');
    expect(told(await company.look())).toEqual(['file briefs/new.md']);
    company.put('briefs/new.md', 'one', 10);
    company.sandbox.remove('briefs/old.md');
    await company.look();
    company.put('briefs/old.md', 'old');
    expect(told(await company.look())).toEqual([]);
    expect((await company.runs()).map(({ inputs }) => inputs)).toEqual([
      { brief: 'briefs/new.md' },
      { brief: 'briefs/new.md' },
    ]);
  });

  test('waits until a file that is being written is left alone', async () => {
    open({ [loop]: onFiles });
    const keeper = await company.take();
    await keeper.look();
    company.put('briefs/new.md', 'o', 0);
    const look = await keeper.look();
    expect([told(look), look.settling, look.nextMs]).toEqual([
      [],
      true,
      company.clock.now() + limits.triggerQuietMs,
    ]);
    company.clock.advance(limits.triggerQuietMs);
    company.put('briefs/new.md', 'one', 0);
    expect(told(await keeper.look())).toEqual([]);
    company.clock.advance(limits.triggerQuietMs);
    expect(told(await keeper.look())).toEqual(['file briefs/new.md']);
    await keeper.end();
  });

  test('never looks at names with a dot, and tells at most so many runs a look', async () => {
    open({ [loop]: workflow('{file: [{paths: "**"}]}') });
    await company.look();
    company.put('briefs/.hidden/a.md', 'x');
    company.put('.cairn/runs/x.md', 'x');
    for (let i = 0; i < limits.triggerRunsPerLook + 2; i += 1) company.put(`briefs/${i}.md`, `${i}`);
    expect((await company.look()).news.filter(({ is }) => is === 'started')).toHaveLength(
      limits.triggerRunsPerLook,
    );
    await company.look();
    expect(await company.started()).toHaveLength(limits.triggerRunsPerLook + 2);
  });

  test('what others drop is from outside: it taints the run', async () => {
    const drop = '{file: [{paths: "inbox/*.eml", inputs: {brief: "{{ trigger.path }}"}}]}';
    open({ [loop]: workflow(drop), '.cairn/connectors/inbox.yaml': 'type: file-drop\nfolder: inbox\n' });
    await company.look();
    company.put('inbox/a.eml', 'From: x\n\nHello');
    await company.look();
    expect(await company.runs()).toMatchObject([{ tainted: true, outside: ['brief'] }]);
  });
});

describe('P2: a death on the way', () => {
  test.each(['before create', 'after create', 'after start'] as const)(
    '%s: the run begins once',
    async (at) => {
      open({ [loop]: onFiles });
      await company.look();
      company.put('briefs/new.md', 'one');
      await expect(company.look(dying(await company.ports(), at))).rejects.toThrow('killed');
      expect(await company.started()).toHaveLength(at === 'after start' ? 1 : 0);
      // The file is gone by now, and the day another: what was found is started all the same.
      company.sandbox.remove('briefs/new.md');
      company.clock.advance(24 * hourMs);
      await company.look();
      await company.look();
      expect(await company.started()).toEqual(['file briefs/new.md']);
      const folders = readdirSync(company.sandbox.path('.cairn/runs')).filter(
        (name) => !name.startsWith('.'),
      );
      expect(folders).toHaveLength(1);
      const { records } = await (await company.ports()).runs.read(folders[0] ?? '');
      expect(records.map(({ event }) => event.type)).toEqual(['run.started']);
    },
  );

  test('what is remembered was lost: nothing starts anew, and it is told', async () => {
    open({ [loop]: onFiles });
    await company.look();
    company.put('briefs/new.md', 'one');
    await company.look();
    const [name = ''] = stateFiles();
    writeFileSync(company.sandbox.path(`.cairn/runs/.triggers/${name}`), '{"v":1,"wor');
    company.put('briefs/new.md', 'two');
    const look = await company.look();
    expect(told(look)[0]).toBe('What was remembered of a trigger cannot be read.');
    // This version has had its run, of which only the run itself knows by now.
    company.put('briefs/new.md', 'one', 5);
    company.put('briefs/next.md', 'next');
    expect(told(await company.look())).toEqual(['file briefs/next.md']);
    expect(await company.started()).toEqual(['file briefs/new.md', 'file briefs/next.md']);
    expect(
      readdirSync(company.sandbox.path('.cairn/runs/.triggers')).some((file) => /damaged/.test(file)),
    ).toBe(true);
  });
});

describe('one process keeps the triggers', () => {
  test('the others are refused until it lets go', async () => {
    open({ [loop]: onFiles });
    const keeper = await company.take();
    const other = await company.ports();
    expect(await other.triggers.keep()).toBe('held');
    expect(await other.triggers.keeper()).toEqual({ pid: process.pid });
    await keeper.end();
    expect(await other.triggers.keeper()).toBeUndefined();
    expect((await other.runs.list()).length).toBe(0);
    await (await company.take(other)).end();
  });

  test('one that has lost them starts nothing more', async () => {
    open({ [loop]: onFiles });
    const keeper = await company.take();
    await keeper.look();
    company.sandbox.remove('.cairn/runs/.triggers/lock');
    company.put('briefs/new.md', 'one');
    await expect(keeper.look()).rejects.toMatchObject({ failure: { code: 'journal.fenced' } });
    expect(await company.started()).toEqual([]);
    await company.look();
    expect(await company.started()).toEqual(['file briefs/new.md']);
  });
});

describe('a chain of runs', () => {
  /** A run that says it has applied the file as it is now. */
  async function appliedRun(path: string, after: readonly string[]): Promise<string> {
    const commit = company.sandbox.commit('Applied');
    const { runs } = await company.ports();
    const run = `20260105-loop-${after.length}abc`;
    await runs.create(run);
    const lease = await runs.lease(run);
    if (lease === 'held') throw new Error('held');
    const started = startOf(loopSteps);
    if (started.type !== 'run.started') throw new Error('no start');
    const files = [{ path, kind: 'added', added: 1, removed: 0, binary: false } as const];
    const proposal = proposalVersion({ commit, base: commit, files });
    const result = { input: {}, output: {}, cost: noCost, sources: [], proposal };
    const decision = { n: 1, version: 1, commit, verdict: 'approve', by: 'operator', who: 'Ada' } as const;
    const apply = { n: 1, commit, head: commit, branch: 'refs/heads/main', paths: [path] };
    await lease.journal.append([
      { ...started, data: { ...started.data, after: [...after] } },
      { type: 'step.started', step: 'draft', attempt: 1, data: { key: 'k', proposal: { n: 1, version: 1 } } },
      { type: 'step.completed', step: 'draft', attempt: 1, data: result },
      { type: 'decision.made', data: decision },
      { type: 'apply.started', data: apply },
    ]);
    await lease.release();
    return run;
  }

  test('what a run has applied may start another, which knows where it comes from', async () => {
    open({ [loop]: onFiles });
    await company.look();
    company.put('briefs/new.md', 'of a run');
    const run = await appliedRun('briefs/new.md', ['first']);
    expect(told(await company.look())).toEqual(['file briefs/new.md']);
    company.put('briefs/new.md', 'of the operator');
    await company.look();
    const after = (await company.runs())
      .filter(({ trigger }) => trigger !== 'manual')
      .map((one) => one.after);
    expect(after).toEqual(expect.arrayContaining([['first', run], []]));
  });

  test('P10: it ends after so many runs, and that is told', async () => {
    open({ [loop]: onFiles });
    await company.look();
    company.put('briefs/new.md', 'of a run');
    const before = Array.from({ length: limits.triggerChain - 1 }, (_, i) => `run-${i}`);
    const run = await appliedRun('briefs/new.md', before);
    expect(told(await company.look())).toEqual([
      `briefs/new.md was written by the last of 5 runs that started each other (${[...before, run].join(' → ')}); a longer chain is not started. Start it by hand if it is meant.`,
    ]);
    expect(told(await company.look())).toEqual([]);
  });
});

describe('a connector trigger', () => {
  const items = `{connector: [{connector: leads, operation: rows, every: 10, inputs: {brief: "{{ trigger.item.id }}"}}]}`;
  const table = (...ids: string[]) => `id,name\n${ids.map((id) => `${id},Lead ${id}\n`).join('')}`;
  const leads = '.cairn/connectors/leads.yaml';

  test('starts a run for each new item, every so many minutes', async () => {
    open({ [loop]: workflow(items), [leads]: 'type: file-drop\nfolder: leads\n', 'leads/l.csv': table('a') });
    const keeper = await company.take();
    await keeper.look();
    company.put('leads/l.csv', table('a', 'b'));
    company.clock.advance(9 * 60_000);
    expect(told(await keeper.look())).toEqual([]);
    company.clock.advance(60_000);
    expect(told(await keeper.look())).toEqual(['connector leads rows: b']);
    company.clock.advance(600_000);
    expect(told(await keeper.look())).toEqual([]);
    await keeper.end();
    expect(await company.runs()).toMatchObject([
      { inputs: { brief: 'b' }, outside: ['brief'], tainted: true },
    ]);
  });

  test('one that fails is told once, tried ever more rarely, and keeps the others from nothing', async () => {
    open({ [loop]: workflow(items), '.cairn/workflows/files.yaml': onFiles });
    const keeper = await company.take();
    expect(told(await keeper.look())).toContain('There is no connector “leads”.');
    company.sandbox.write(leads, 'type: file-drop\nfolder: leads\n');
    company.put('leads/l.csv', table('a'));
    company.put('briefs/new.md', 'one');
    expect(told(await keeper.look())).toEqual(['file briefs/new.md']);
    company.clock.advance(600_000);
    await keeper.look();
    company.put('leads/l.csv', table('a', 'b'));
    company.clock.advance(600_000);
    expect(told(await keeper.look())).toEqual(['connector leads rows: b']);
    await keeper.end();
  });
});

describe('what cannot be started', () => {
  test('an input that is not allowed is told, and the next one starts', async () => {
    const on = '{file: [{paths: "briefs/*", inputs: {brief: "{{ trigger.path }}"}}]}';
    open({ [loop]: workflow(on, 'brief: {options: [briefs/good.md]}') });
    await company.look();
    company.put('briefs/bad.md', 'x');
    company.put('briefs/good.md', 'x');
    expect(told(await company.look())).toEqual([
      'The input “brief” must be one of briefs/good.md.',
      'file briefs/good.md',
    ]);
    expect(await company.started()).toEqual(['file briefs/good.md']);
  });

  test('a workflow that is broken meanwhile keeps what it is owed', async () => {
    open({ [loop]: onFiles });
    await company.look();
    company.put('briefs/new.md', 'x');
    company.sandbox.write(loop, 'name: [');
    const look = await company.look();
    expect(look.news).toMatchObject([
      { is: 'problem', failure: { code: 'definition.invalid', at: { file: loop } } },
    ]);
    company.sandbox.write(loop, onFiles);
    await company.look();
    expect(await company.started()).toEqual(['file briefs/new.md']);
  });

  test('a trigger that is gone is forgotten', async () => {
    open({ [loop]: onFiles });
    await company.look();
    expect(stateFiles()).toHaveLength(1);
    company.sandbox.write(loop, workflow('{manual: true}'));
    await company.look();
    expect(stateFiles()).toHaveLength(0);
    expect(existsSync(company.sandbox.path('.cairn/runs/.triggers'))).toBe(true);
  });
});

import type { Behaviour } from './behaviour.ts';
import type { Crash } from './mortality.ts';
import type { Simulated } from './workflows.ts';
import { World } from './world.ts';
import type { RunEvent } from '../../src/contracts/journal.ts';
import type { Verdict } from '../../src/contracts/proposal.ts';
import type { GateStep, Step, WaitFor, Workflow } from '../../src/contracts/workflow.ts';

const calm: Behaviour = {
  failures: {},
  wanting: {},
  verdicts: {},
  late: {},
  leftOut: {},
  remedies: {},
  stumbles: false,
};

const common = (id: string, needs: readonly string[]) => {
  return { id, name: id, needs, timeoutMs: 60_000, maxAttempts: 3 };
};
const agentWith = { objective: '', read: [], recall: [], fetch: [], sections: [] };

/** A step whose work becomes a proposal. */
export function writer(id: string, ...needs: string[]): Step {
  return { ...common(id, needs), kind: 'agent', agent: 'executor', with: agentWith, writes: [`${id}.md`] };
}

export function reader(id: string, ...needs: string[]): Step {
  return { ...common(id, needs), kind: 'agent', agent: 'executor', with: agentWith, writes: [] };
}

type GateTimes = Pick<GateStep, 'remindEveryMs' | 'withinMs' | 'otherwise'>;

export function gate(id: string, needs: readonly string[], times: GateTimes = {}): Step {
  return { ...common(id, needs), kind: 'gate', question: 'Go on?', ...times };
}

export function wait(id: string, wanted: WaitFor, ...needs: string[]): Step {
  return { ...common(id, needs), kind: 'wait', for: wanted };
}

export function effect(id: string, operation: string): Step {
  return { ...common(id, []), kind: 'effect', outgoing: { connector: 'world', operation, with: {} } };
}

/** Over two items. */
export function map(id: string, steps: readonly Step[]): Step {
  return { ...common(id, []), kind: 'map', over: { list: [] }, atOnce: 4, steps };
}

export function call(id: string, workflow: string): Step {
  return { ...common(id, []), kind: 'workflow', workflow, with: {} };
}

/** One run that is told step by step: a process comes when it is called, and the operator speaks when asked to. */
export class Story {
  readonly world: World;

  private constructor(behaviour: Partial<Behaviour>, crashes: readonly Crash[]) {
    this.world = new World({ ...calm, ...behaviour }, crashes, { naps: Infinity });
  }

  /** Starts a run of these steps, and lets a process execute it to rest. */
  static async of(
    steps: readonly Step[],
    {
      called = {},
      crashes = [],
      ...behaviour
    }: Partial<Behaviour> & {
      called?: Readonly<Record<string, readonly Step[]>>;
      crashes?: readonly Crash[];
    } = {},
  ): Promise<Story> {
    const story = new Story(behaviour, crashes);
    await story.world.start(told(steps, called));
    await story.world.process();
    return story;
  }

  /** The steps whose work each open gate asks about. */
  async asked(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { gates, proposals } = await this.world.state();
    const named = [...gates].map(([id, { proposals: numbers }]) => {
      return [id, numbers.map((n) => proposals.get(n)?.step ?? '')] as const;
    });
    return Object.fromEntries(named);
  }

  /** Says something to the newest version of a step's work, and lets a process heed it. */
  async say(verdict: Verdict, step: string): Promise<void> {
    await this.order(verdict, step);
    await this.world.process();
  }

  /** Says something that nobody has heeded yet; as often as a double click does. */
  async order(verdict: Verdict, step: string, clicks = 1): Promise<void> {
    const { proposals } = await this.world.state();
    const proposal = [...proposals.values()].findLast((one) => one.step === step);
    const newest = proposal?.versions.at(-1);
    if (!newest) throw new Error(`Nothing of ${step} is proposed`);
    const { n, version, commit } = newest;
    await this.world.order({ kind: 'decide', n, version, commit, verdict, comment: 'so' }, clicks);
  }

  /** Lets time pass, and a process come. */
  async later(ms: number): Promise<void> {
    this.world.advance(ms);
    await this.world.process();
  }

  /** What has become of the run, and of its steps. */
  async end() {
    const { status, steps } = await this.world.state();
    return {
      status: status.is,
      steps: Object.fromEntries([...steps.values()].map((at) => [at.id, at.status.is])),
    };
  }

  /** How often something is in the journal. */
  async count(type: RunEvent['type']): Promise<number> {
    return (await this.world.records()).filter(({ event }) => event.type === type).length;
  }

  /** Ids of the steps that were performed, in order. */
  get performed(): readonly string[] {
    return this.world.workshop.performed.map(({ step }) => step.id);
  }
}

/** A workflow of these steps. */
export function told(
  steps: readonly Step[],
  called: Readonly<Record<string, readonly Step[]>> = {},
): Simulated {
  const workflows = Object.entries(called).map(([id, inner]) => [id, workflowOf(id, inner)] as const);
  return { workflow: workflowOf('told', steps), workflows: Object.fromEntries(workflows), plans: {} };
}

function workflowOf(id: string, steps: readonly Step[]): Workflow {
  return { id, name: id, inputs: {}, budget: {}, permissions: { write: [] }, steps };
}

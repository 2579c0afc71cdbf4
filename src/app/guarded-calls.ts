import { Breaker } from './breaker.ts';
import type { Ports } from './ports.ts';
import { outageFailures } from '../base/failures/outages.ts';
import type { Effects } from '../contracts/effect.ts';
import type { ModelProvider } from '../contracts/model.ts';

/** Leaves a model alone while it does not answer; each by its label, since the operator may choose another. */
export function guardedModel(model: ModelProvider): ModelProvider {
  const breakers = new Map<string, Breaker>();
  return {
    get id() {
      return model.id;
    },
    get label() {
      return model.label;
    },
    complete: async (request, signal) => {
      const { label } = model;
      const breaker = kept(breakers, label, (outage) => outageFailures.model(label, outage));
      return breaker.call(() => model.complete(request, signal), signal);
    },
  };
}

/** Leaves a connector alone while it does not answer; one that is configured otherwise is another one. */
export function guardedConnect(connect: Ports['connect']): Ports['connect'] {
  const breakers = new Map<string, Breaker>();
  const uninterrupted = new AbortController().signal;
  return (id, config) => {
    const connector = connect(id, config);
    const key = JSON.stringify([id, config]);
    const breaker = kept(breakers, key, (outage) => outageFailures.connector(id, outage));
    return {
      id,
      operations: connector.operations,
      read: (operation, parameters) =>
        breaker.call(() => connector.read(operation, parameters), uninterrupted),
      ...(connector.effects ? { effects: guardedEffects(connector.effects, breaker) } : {}),
    };
  };
}

function guardedEffects(effects: Effects, breaker: Breaker): Effects {
  return {
    operations: effects.operations,
    send: (request, signal) => breaker.call(() => effects.send(request, signal), signal),
    probe: (request, signal) => breaker.call(() => effects.probe(request, signal), signal),
  };
}

function kept(
  breakers: Map<string, Breaker>,
  key: string,
  refuse: ConstructorParameters<typeof Breaker>[0],
): Breaker {
  const breaker = breakers.get(key) ?? new Breaker(refuse);
  breakers.set(key, breaker);
  return breaker;
}

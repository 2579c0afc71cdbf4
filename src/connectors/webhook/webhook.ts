import { connectorFailures } from '../../base/failures/connectors.ts';
import type { AppError } from '../../base/failure.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import type { Connector, ConnectorAnswer, ConnectorConfig, SecretOf } from '../../contracts/connector.ts';
import type { Delivered, EffectRequest, Effects, Probed } from '../../contracts/effect.ts';

type WebhookConfig = Extract<ConnectorConfig, { type: 'webhook' }>;
type Operation = WebhookConfig['operations'][string];

/** Does things over HTTP: parameters and body as JSON, the key as `Idempotency-Key`. Reads nothing. */
export class Webhook implements Connector {
  readonly id: string;
  readonly operations: readonly string[] = [];
  readonly effects: Effects;
  readonly #config: WebhookConfig;
  readonly #secretOf: SecretOf;

  constructor(id: string, config: WebhookConfig, secretOf: SecretOf) {
    this.id = id;
    this.#config = config;
    this.#secretOf = secretOf;
    const flags = Object.entries(config.operations).map(([name, { idempotent }]) => [name, { idempotent }]);
    this.effects = {
      operations: Object.fromEntries(flags) as Effects['operations'],
      send: (request, signal) => this.#send(request, signal),
      probe: (request, signal) => this.#probe(request, signal),
    };
  }

  async read(operation: string): Promise<ConnectorAnswer> {
    throw connectorFailures.unknownOperation(this.id, operation, []);
  }

  async #send(request: EffectRequest, signal: AbortSignal): Promise<Delivered> {
    const { method, path } = this.#operation(request.operation);
    const { with: parameters, body, key } = request;
    const secrets = await this.#secrets();
    const answer = await this.#fetch(this.#address(path, { ...parameters, key }), {
      method,
      signal,
      headers: { ...headersOf(secrets), 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ ...parameters, ...(body === '' ? {} : { body }) }),
    });
    if ('why' in answer) return { is: 'unknown', why: answer.why };
    const { status } = answer;
    if (status >= 500) return { is: 'unknown', why: `${this.#config.url} answered ${status}.` };
    if (!answer.ok) throw refused(this.id, answer);
    return { is: 'sent', receipt: await receiptOf(answer, secrets) };
  }

  async #probe({ operation, with: parameters, key }: EffectRequest, signal: AbortSignal): Promise<Probed> {
    const { probe } = this.#operation(operation);
    if (probe === undefined) return { is: 'unknown', why: `${this.id} cannot look whether it has happened.` };
    const secrets = await this.#secrets();
    const headers = headersOf(secrets);
    const address = this.#address(probe, { ...parameters, key });
    const answer = await this.#fetch(address, { method: 'GET', signal, headers });
    if ('why' in answer) return { is: 'unknown', why: answer.why };
    if (answer.ok) return { is: 'sent', receipt: await receiptOf(answer, secrets) };
    return answer.status === 404
      ? { is: 'unsent' }
      : { is: 'unknown', why: `${this.#config.url} answered ${answer.status}.` };
  }

  /** The secrets of its headers. Throws `secret.missing` before anything is sent. */
  async #secrets(): Promise<readonly HeaderSecret[]> {
    const named = Object.entries(this.#config.headers);
    return Promise.all(
      named.map(async ([header, { secret: name, prefix }]) => {
        const value = (await this.#secretOf(name)) ?? '';
        if (value === '') throw connectorFailures.secretMissing(this.id, name, 'is not set');
        // What no header can hold would be told, as a whole, by the error of whoever tried.
        if (!/^[\x20-\x7e]+$/.test(value))
          throw connectorFailures.secretMissing(this.id, name, 'holds what no header can: set it anew');
        return { header, name, prefix, value };
      }),
    );
  }

  #operation(name: string): Operation {
    const operation = this.#config.operations[name];
    if (!operation) {
      throw connectorFailures.unknownOperation(this.id, name, Object.keys(this.#config.operations));
    }
    return operation;
  }

  #address(path: string, parameters: Readonly<Record<string, string>>): string {
    const filled = path.replace(/\{([\w-]+)\}/g, (_, name: string) =>
      encodeURIComponent(parameters[name] ?? ''),
    );
    return `${this.#config.url.replace(/\/$/, '')}${filled}`;
  }

  /** The answer, or why there is none and what was asked may have happened. Throws when it cannot have. */
  async #fetch(address: string, init: RequestInit): Promise<Response | { readonly why: string }> {
    try {
      return await fetch(address, { ...init, redirect: 'error' });
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code !== undefined && neverReached.has(code))
        throw connectorFailures.unreachable(this.id, address, thrown);
      return {
        why: `The connection to ${this.#config.url} broke off${code === undefined ? '' : ` (${code})`}.`,
      };
    }
  }
}

/** Nothing was asked of anybody yet when these are raised. */
const neverReached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function codeOf(thrown: unknown): string | undefined {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
}

function refused(id: string, { status, headers }: Response): AppError {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const afterMs = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {};
  return connectorFailures.refused(id, status, afterMs);
}

interface HeaderSecret {
  readonly header: string;
  readonly name: string;
  readonly prefix: string;
  readonly value: string;
}

function headersOf(secrets: readonly HeaderSecret[]): Record<string, string> {
  return Object.fromEntries(secrets.map(({ header, prefix, value }) => [header, `${prefix}${value}`]));
}

/** Some servers say back what they were told: the names of secrets stand for their values, in JSON too. */
function withoutSecrets(text: string, secrets: readonly HeaderSecret[]): string {
  return secrets.reduce((left, { name, value }) => {
    const written = JSON.stringify(value).slice(1, -1);
    return left.replaceAll(value, `‹${name}›`).replaceAll(written, `‹${name}›`);
  }, text);
}

/** What the other side says of it; kept with the run. */
async function receiptOf(answer: Response, secrets: readonly HeaderSecret[]): Promise<JsonObject> {
  const whole = await answer.text().catch(() => '');
  const text = withoutSecrets(whole, secrets).slice(0, limits.receiptCharacters);
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { status: answer.status, ...value };
  } catch {
    // Not every server answers JSON; what it says is kept as it is.
  }
  return { status: answer.status, ...(text === '' ? {} : { text }) };
}

import { z } from 'zod';
import type { Effects } from './effect.ts';
import { idSchema } from './step-schemas.ts';
import type { JsonObject } from '../base/json.ts';

/** Headers that Cairn itself gives, or that say how the message is carried. */
const ownHeaders = new Set(['content-type', 'content-length', 'idempotency-key', 'host', 'connection']);

const headerSchema = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'write the name of a header')
  .refine((name) => !ownHeaders.has(name.toLowerCase()), 'is a header that Cairn gives itself');

/** `.cairn/connectors/<id>.yaml`: which outside system, and how it is reached. Never a secret's value. */
export const connectorConfigSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('file-drop'),
    description: z.string().optional(),
    /** A folder of the company that other programs drop files into. */
    folder: z.string(),
  }),
  z.strictObject({
    type: z.literal('feed'),
    description: z.string().optional(),
    /** An RSS or Atom file of the company. */
    file: z.string(),
  }),
  z.strictObject({
    type: z.literal('webhook'),
    description: z.string().optional(),
    url: z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' }),
    /** What is sent with every request: the value of a secret, by its name. */
    headers: z
      .record(headerSchema, z.strictObject({ secret: idSchema, prefix: z.string().default('') }))
      .default({}),
    operations: z.record(
      idSchema,
      z.strictObject({
        method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
        /** Behind the address; `{name}` stands for a parameter. */
        path: z.string().default(''),
        /** Whether the other side does it once for one `Idempotency-Key`. */
        idempotent: z.boolean().default(false),
        /** A path that answers 200 when it has happened and 404 when not; `{key}` stands for the key. */
        probe: z.string().optional(),
      }),
    ),
  }),
]);

export type ConnectorConfig = z.infer<typeof connectorConfigSchema>;

/** The value of a secret by its name; nothing where the operator has set none. */
export type SecretOf = (name: string) => Promise<string | undefined>;

/** Names of the secrets that a connector needs. */
export function secretsOf(config: ConnectorConfig): readonly string[] {
  return config.type === 'webhook' ? Object.values(config.headers).map(({ secret }) => secret) : [];
}

/** One thing read from an outside system: a mail, a row, a feed entry. */
export interface ConnectorItem {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly uri: string;
  readonly date?: string | undefined;
  readonly fields: JsonObject;
}

/** A deterministic adapter to an outside system. Everything it reads is untrusted. */
export interface Connector {
  readonly id: string;
  readonly operations: readonly string[];
  /** What it does outside; nothing for one that only reads. */
  readonly effects?: Effects | undefined;
  /** Throws `AppError` `connector.*`. One bad file is reported in `problems`, never at the cost of the rest. */
  read(operation: string, parameters: Readonly<Record<string, string>>): Promise<ConnectorAnswer>;
}

export interface ConnectorAnswer {
  readonly items: readonly ConnectorItem[];
  readonly problems: readonly string[];
}

import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';

/** JSON Schema keywords that structured outputs refuse; the caller validates them on the reply anyway. */
const REFUSED = new Set(['$schema', '$id', 'default', 'minLength', 'maxLength', 'format', 'pattern']);

/** A JSON Schema as structured outputs take it in strict mode: closed objects, every property required. */
export function strictSchema(schema: JsonObject): Record<string, Json> {
  const kept = Object.entries(schema).filter(([key]) => !REFUSED.has(key));
  const strict = Object.fromEntries(kept.map(([key, value]) => [key, strictValue(key, value)]));
  if (!isObject(strict.properties)) return strict;
  return { ...strict, required: Object.keys(strict.properties), additionalProperties: false };
}

function strictValue(key: string, value: Json): Json {
  if ((key === 'properties' || key === '$defs') && isObject(value)) return mapValues(value);
  if (Array.isArray(value)) return value.map((item: Json) => (isObject(item) ? strictSchema(item) : item));
  return isObject(value) ? strictSchema(value) : value;
}

/** The keys here are names of properties, not keywords. */
function mapValues(named: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name, isObject(value) ? strictSchema(value) : value]),
  );
}

import { expect, test } from 'vitest';
import { z } from 'zod';
import { outputSchemas } from '../../contracts/agent.ts';
import { strictSchema } from './strict-schema.ts';
import type { JsonObject } from '../../base/json.ts';

test('keywords that structured outputs refuse are left out, properties of those names are kept', () => {
  const schema = strictSchema({
    type: 'object',
    properties: { format: { type: 'string', minLength: 1 }, default: { type: 'number', minimum: 0 } },
  });
  expect(schema).toEqual({
    type: 'object',
    properties: { format: { type: 'string' }, default: { type: 'number', minimum: 0 } },
    required: ['format', 'default'],
    additionalProperties: false,
  });
});

test.each(Object.entries(outputSchemas))('the schema of the %s is closed at every depth', (_role, schema) => {
  const strict = strictSchema(z.toJSONSchema(schema) as JsonObject);
  const text = JSON.stringify(strict);
  expect(text).not.toMatch(/minLength|\$schema/);
  expect(text.match(/"properties"/g)?.length).toBe(text.match(/"additionalProperties":false/g)?.length);
});

import { z } from 'zod';
import { tierSchema } from './agent.ts';

const modelName = z.string().trim().min(1);

/** The model that each tier is served by, as the server names it. */
export const tierModelsSchema = z.record(tierSchema, modelName);

/** Which language model the company works with. Never holds a key. */
export const modelConfigSchema = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.literal('offline') }),
  z.strictObject({
    provider: z.literal('openai'),
    /** Root of an OpenAI-compatible API, e.g. `https://api.openai.com/v1` or `http://localhost:11434/v1`. */
    baseUrl: z.url({ protocol: /^https?$/ }),
    models: tierModelsSchema,
  }),
  z.strictObject({
    provider: z.literal('vscode'),
    /** A family of the editor's own models, e.g. `gpt-5-mini`; the editor's choice when absent. */
    family: modelName.optional(),
  }),
]);

export type TierModels = z.infer<typeof tierModelsSchema>;
export type ModelConfig = z.infer<typeof modelConfigSchema>;

import type { Role, Tier } from './agent.ts';
import type { Finding } from './check.ts';
import type { JsonObject } from '../base/json.ts';

/** Something the agent may rest its work on. `id` is what citations name. */
export interface Source {
  readonly id: string;
  readonly kind: 'note' | 'file' | 'connector' | 'step';
  readonly title: string;
  readonly text: string;
  /** Where it lives: a path in the company, or a URI. */
  readonly uri: string;
  readonly date?: string | undefined;
  /** Whether the text came from outside the company (promise P7). */
  readonly untrusted: boolean;
}

/** Why work came back: the operator's words, or a check's findings. */
export interface Feedback {
  readonly from: 'operator' | 'check';
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** All that an attempt is given, as data. Prompts are rendered from it; the offline model works on it directly. */
export interface Material {
  readonly role: Role;
  readonly company: { readonly rules: string };
  readonly workflow: {
    readonly name: string;
    readonly steps: readonly {
      readonly id: string;
      readonly name: string;
      readonly kind: string;
      readonly agent?: string | undefined;
    }[];
  };
  readonly step: { readonly id: string; readonly name: string };
  readonly objective: string;
  readonly inputs: JsonObject;
  readonly today: string;
  /** Paths (globs already resolved by the workflow's templates) that may be written. */
  readonly writes: readonly string[];
  readonly sections: readonly string[];
  /** The step's declared check rules, in words, so that work is done to pass them. */
  readonly expectations: readonly string[];
  readonly sources: readonly Source[];
  /** Current content of the files to be written or judged, by path. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly feedback: readonly Feedback[];
  /** The steps that a plan may add to the run; nothing where it adds none. */
  readonly adds?:
    | { readonly agents: readonly string[]; readonly writes: readonly string[]; readonly max: number }
    | undefined;
}

export interface ModelRequest {
  readonly tier: Tier;
  readonly system: string;
  readonly prompt: string;
  readonly material: Material;
  readonly schema: { readonly name: string; readonly json: JsonObject };
  readonly maxReplyTokens: number;
}

export interface ModelReply {
  /** The text of a JSON document, to be validated by the caller. */
  readonly text: string;
  readonly usage: Usage;
}

export interface Usage {
  /** As the provider names it, e.g. `gpt-5-mini`; `offline` for the extractive one. */
  readonly model: string;
  readonly provider: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
  readonly durationMs: number;
}

/** A language model behind a port. Throws `AppError` `model.*`, whose retry class decides what happens next. */
export interface ModelProvider {
  readonly id: string;
  /** For people: `Offline (extractive)`, `OpenAI gpt-5-mini`. */
  readonly label: string;
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

import * as z from 'zod';
import type { Knob } from './compile/knobsGridRefine.ts';
import type { OptimizerName } from './compile/optimizerName.ts';
import { contentHash } from './contentHash.ts';
import type { Json } from './contract/json.ts';
import { type Artifact, artifactSchema, type Params } from './contract/params.ts';
import { type PromptIr, promptIrJson } from './promptIr.ts';
import type { RewardName } from './reward/reward.ts';

/** What may be tried when a signature is compiled. */
export interface SearchSpace {
  /** Instructions to try besides the default one. */
  readonly instructions: readonly string[];
  readonly maxFewShots: number;
  /** Other params to try; none without. */
  readonly knobs?: readonly Knob[];
  /** What searches, in turn, each from what the one before found. Without it `joint.v1`, then `reflective.v1`. */
  readonly optimizers?: readonly OptimizerName[];
}

/** The input field that may be far longer than a prompt, and what `rlm_lite.v1` may make of it. */
export interface LongContext {
  /** A string, or an array of strings: one text, read through variables instead of being shown in the prompt. */
  readonly field: string;
  /** Characters that an answer may have: the notes of all readers together are asked to fit into them. */
  readonly answerChars: number;
  /** The output that a text is when it is the answer, word by word; null when the text is too long for one. */
  verbatim(text: string): Json | null;
}

/** How people talk to a signature at `/autopilot?signature=ID`. */
export interface ChatAdapter {
  /** The input that a message makes. */
  input(text: string): Json;
  /** What the chat answers. */
  answer(output: Json): string;
}

/** A named, versioned step: what goes in, what comes out, how it is asked, and what it starts from. */
export interface Signature {
  readonly id: string;
  /** Short name for people. */
  readonly title: string;
  readonly input: z.ZodType;
  /** A JSON schema for structured answers; a plain string schema for text answers. */
  readonly output: z.ZodType;
  readonly prompt: PromptIr;
  readonly defaults: Omit<Params, 'models'>;
  /** How an output is scored; absent when the signature is neither compiled nor evaluated. */
  readonly reward?: RewardName;
  /** Absent when the whole input always fits into a prompt; `rlm_lite.v1` then refuses to run. */
  readonly longContext?: LongContext;
  /** Absent when the signature is not compiled. */
  readonly search?: SearchSpace;
  /** Absent when nobody can chat with it; then it has no canary traffic, and a night on it ends before it begins. */
  readonly chat?: ChatAdapter;
  /** What an input is about, without hints that many inputs share: compared to find duplicates and like examples. */
  text?(input: Json): string;
  /** The class an output belongs to, for per-label scores. */
  label?(output: Json): string;
}

/** Model ids a deployment offers, by role. */
export type Models = Params['models'];

export interface SignatureHashes {
  readonly inputSchema: string;
  readonly outputSchema: string;
  readonly promptIr: string;
}

const hashesBySignature = new WeakMap<Signature, SignatureHashes>();

/** Hashes of the contract and prompt of a signature; an artifact fits only if they are equal. */
export function signatureHashes(signature: Signature): SignatureHashes {
  let hashes = hashesBySignature.get(signature);
  if (!hashes) {
    hashes = {
      inputSchema: contentHash(z.toJSONSchema(signature.input)),
      outputSchema: contentHash(z.toJSONSchema(signature.output)),
      promptIr: contentHash(promptIrJson(signature.prompt)),
    };
    hashesBySignature.set(signature, hashes);
  }
  return hashes;
}

/** The artifact that `params` make of a signature. */
export function artifactOf(signature: Signature, params: Params): Artifact {
  return artifactSchema.parse(unchecked(signature, params));
}

/**
 * What a signature runs before anything was ever promoted. Not checked again, which would take milliseconds of every message:
 * `signature.test.ts` checks the defaults of the catalog.
 */
export function defaultArtifact(signature: Signature, models: Models): Artifact {
  return unchecked(signature, { ...signature.defaults, models });
}

function unchecked(signature: Signature, params: Params): Artifact {
  const hashes = signatureHashes(signature);
  return {
    format: 'openagents.dse.compiled_artifact',
    formatVersion: 1,
    signatureId: signature.id,
    inputSchemaHash: hashes.inputSchema,
    outputSchemaHash: hashes.outputSchema,
    promptIrHash: hashes.promptIr,
    params,
  };
}

/** `compiled_id`: the content hash of the whole artifact. */
export function compiledIdOf(artifact: Artifact): string {
  return contentHash(artifact);
}

/** Why an artifact cannot run under this signature, or null when it can. */
export function incompatibility(signature: Signature, artifact: Artifact): string | null {
  const hashes = signatureHashes(signature);
  if (artifact.signatureId !== signature.id) return `it was made for ${artifact.signatureId}`;
  if (artifact.inputSchemaHash !== hashes.inputSchema)
    return 'the input schema has changed since it was compiled';
  if (artifact.outputSchemaHash !== hashes.outputSchema)
    return 'the output schema has changed since it was compiled';
  if (artifact.promptIrHash !== hashes.promptIr) return 'the prompt has changed since it was compiled';
  return null;
}

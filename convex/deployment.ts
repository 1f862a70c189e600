import * as z from 'zod';
import type { Limits } from '../loop/compile/purse.ts';
import { deferred } from '../loop/contract/deferred.ts';
import type { Models } from '../loop/signature.ts';
import { failure } from './failure.ts';

const needed = (how: string) => z.string({ error: how }).min(1, how);

const setIt = 'set it with `npx convex env set`, or run `npm run secrets` to make and set all of them';
const HOW_PRICES =
  'JSON by model, in dollars per million tokens, such as {"MODEL-ID":{"input":0.15,"output":0.6}}; unset it where prices are not certain';
const pricesSchema = deferred(() =>
  z.record(z.string(), z.strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() })),
);

const environmentSchema = deferred(() =>
  z.object({
    OA_LM_BASE_URL: needed(`the address of an OpenAI-compatible endpoint, up to /v1; ${setIt}`),
    OA_LM_API_KEY: needed(`the key of the model endpoint; ${setIt}`),
    OA_LM_MODEL: needed(`the id of the model that answers; ${setIt}`),
    OA_LM_FALLBACK_MODEL: z.string().min(1).optional(),
    OA_LM_JUDGE_MODEL: z.string().min(1).optional(),
    OA_LM_PRICES: z
      .string()
      .transform((text, context) => {
        const prices = pricesSchema.safeParse(jsonOf(text));
        if (prices.success) return prices.data;
        context.addIssue(HOW_PRICES);
        return z.NEVER;
      })
      .optional(),
    OA_LM_HEDGE_AFTER_MS: z.coerce
      .number('milliseconds without an answer, after which a second request is sent; unset it for none')
      .int()
      .min(1)
      .optional(),
  }),
);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** How this deployment reaches its model. Throws `not_configured` naming every missing or malformed variable. */
export function modelSettings(): z.infer<typeof environmentSchema> {
  // Convex knows only direct reads of process.env members.
  const parsed = environmentSchema.safeParse({
    OA_LM_BASE_URL: process.env.OA_LM_BASE_URL,
    OA_LM_API_KEY: process.env.OA_LM_API_KEY,
    OA_LM_MODEL: process.env.OA_LM_MODEL,
    OA_LM_FALLBACK_MODEL: process.env.OA_LM_FALLBACK_MODEL,
    OA_LM_JUDGE_MODEL: process.env.OA_LM_JUDGE_MODEL,
    OA_LM_PRICES: process.env.OA_LM_PRICES,
    OA_LM_HEDGE_AFTER_MS: process.env.OA_LM_HEDGE_AFTER_MS,
  });
  if (parsed.success) return parsed.data;
  throw failure('not_configured', `The deployment is not configured. ${issuesOf(parsed.error)}.`);
}

const limit = () =>
  z.coerce
    .number('a number above 0; unset it for no limit')
    .positive('a number above 0; unset it for no limit')
    .optional();
const limitsSchema = deferred(() =>
  z.object({
    OVERNIGHT_MAX_CALLS: limit(),
    OVERNIGHT_MAX_TOKENS: limit(),
    OVERNIGHT_MAX_USD: limit(),
  }),
);

/** What a compile may spend at most. Throws `not_configured` naming every malformed variable. */
export function compileLimits(): Limits {
  const parsed = limitsSchema.safeParse({
    OVERNIGHT_MAX_CALLS: process.env.OVERNIGHT_MAX_CALLS,
    OVERNIGHT_MAX_TOKENS: process.env.OVERNIGHT_MAX_TOKENS,
    OVERNIGHT_MAX_USD: process.env.OVERNIGHT_MAX_USD,
  });
  if (parsed.success) {
    const {
      OVERNIGHT_MAX_CALLS: calls = null,
      OVERNIGHT_MAX_TOKENS: tokens = null,
      OVERNIGHT_MAX_USD: usd = null,
    } = parsed.data;
    return { calls, tokens, usd };
  }
  throw failure('not_configured', `The deployment is not configured. ${issuesOf(parsed.error)}.`);
}

function issuesOf({ issues }: z.ZodError): string {
  return issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/** Model ids by role, as new artifacts get them. */
export function configuredModels(): Models {
  const { OA_LM_MODEL: main, OA_LM_JUDGE_MODEL: judge = main } = modelSettings();
  return { main, sub: main, repair: main, judge };
}

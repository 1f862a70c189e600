import { sha256Hex } from '../sha256.ts';

/** Buckets a canary is cut into: one bucket is 0.01 % of the units. */
export const BUCKETS = 10_000;

/** What decides the arm: the canary's stored salt, the unit (a user id) and the signature. */
export type BucketKey = { salt: string; unit: string; signatureId: string };

/** The two arms of a canary. */
export type CanaryArm = 'control' | 'canary';

/**
 * The bucket of a unit, a whole number from 0 to 9 999: the first 48 bits of SHA-256 over `salt:unit:signatureId`, modulo
 * 10 000. The same key gives the same bucket for ever, on the server and in the harness.
 *
 * Bias: 2^48 is not a multiple of 10 000, so the lower buckets are likelier by one part in 2.8e10; no canary could notice.
 */
export function bucketOf({ salt, unit, signatureId }: BucketKey): number {
  const digest = sha256Hex(`${salt}:${unit}:${signatureId}`);
  return Number.parseInt(digest.slice(0, 12), 16) % BUCKETS;
}

/**
 * The arm of a unit when `percent` (0 to 100, steps of 0.01) of the units are on canary. Raising `percent` only moves units
 * from control to canary, never back.
 *
 * @throws RangeError if `percent` is not a number from 0 to 100.
 */
export function armOf({ percent, ...key }: BucketKey & { percent: number }): CanaryArm {
  return armOfBucket(bucketOf(key), percent);
}

/**
 * The arm of a known bucket: canary if and only if `bucket < percent * 100`.
 *
 * @throws RangeError if `percent` is not a number from 0 to 100.
 */
export function armOfBucket(bucket: number, percent: number): CanaryArm {
  if (!(percent >= 0 && percent <= 100))
    throw new RangeError(`Canary percent must be from 0 to 100, got ${percent}`);
  // rounded, because 0.29 * 100 is 28.999999999999996
  return bucket < Math.round(percent * (BUCKETS / 100)) ? 'canary' : 'control';
}

import { sha256Hex } from '../sha256.ts';

/** A source of numbers from 0 (included) to 1 (not included). */
export type Random = () => number;

/**
 * A small, fast, repeatable generator: sfc32 (Chris Doty-Humphrey, PractRand) with its 128 bits of state taken from the
 * SHA-256 of the seed text. The same seed gives the same numbers on every machine. Not for secrets.
 */
export function seededRandom(seed: string): Random {
  const digest = sha256Hex(seed);
  let [a, b, c, counter] = [0, 8, 16, 24].map(at => Number.parseInt(digest.slice(at, at + 8), 16) | 0) as [
    number,
    number,
    number,
    number,
  ];
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to `bound - 1`. Bias below `bound / 2^32`. */
export function randomInt(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** The items in random order (Fisher-Yates), as a new array. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const pick = randomInt(random, last + 1);
    const held = shuffled[last] as T;
    shuffled[last] = shuffled[pick] as T;
    shuffled[pick] = held;
  }
  return shuffled;
}

/** `count` different items in random order; all of them if there are fewer. */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  return shuffle(items, random).slice(0, count);
}

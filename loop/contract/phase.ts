/** The phases of a night, in their order. Not part of the schemas' file: transactions name phases and load no schema. */
export const phases = ['preflight', 'seed', 'compile', 'canary', 'evidence', 'promote', 'soak'] as const;
export type Phase = (typeof phases)[number];

/** United States dollars per million tokens, by the name a provider gives its model. */
export type Prices = Readonly<Record<string, { readonly input: number; readonly output: number }>>;

/** Only prices that are certain are built in: the offline models are free. */
export const freeModels: Prices = {
  'overnight-offline-1': { input: 0, output: 0 },
  'overnight-offline-judge-1': { input: 0, output: 0 },
};

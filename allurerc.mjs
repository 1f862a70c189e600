import { readFileSync } from 'node:fs';

// `npx allure generate allure-results/RUN_ID` reads this: what failures of a night are about, and a history in which
// every report finds the nights whose reports were made before it.
export default {
  name: 'Overnight',
  output: './allure-report',
  historyPath: './.overnight/allure-history.jsonl',
  categories: JSON.parse(readFileSync(new URL('fixtures/allureCategories.json', import.meta.url), 'utf8')),
};

import { defineSchema } from 'convex/server';
import { chatTables } from './tables/chat.ts';
import { compileTables } from './tables/compile.ts';
import { datasetTables } from './tables/dataset.ts';
import { predictTables } from './tables/predict.ts';
import { releaseTables } from './tables/release.ts';
import { runTables } from './tables/run.ts';

export default defineSchema({
  ...datasetTables,
  ...compileTables,
  ...releaseTables,
  ...predictTables,
  ...runTables,
  ...chatTables,
});

import { defineConfig } from '@playwright/test';

export default defineConfig({
  projects: [
    { name: 'unit', testDir: '.', testMatch: /(^|\/)(loop|fixtures|reporters|convex)\/.*\.test\.ts$/ },
  ],
});

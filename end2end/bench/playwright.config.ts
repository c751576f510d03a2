// Figures, and no tests: they are measured one after the other, in the browser that most stories have.

import { defineConfig } from '@playwright/test'
import stories from '../playwright.config'

export default defineConfig({
  ...stories,
  testDir: '.',
  testMatch: '*.bench.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  reporter: [['list'], ['./table.ts']],
  projects: stories.projects?.filter((project) => project.name === 'chromium'),
})

// Figures, and no tests: they are measured one after the other, in the Chromium that people have.

import { defineConfig } from '@playwright/test'
import stories, { own } from '../playwright.config'

const executablePath = own(process.env.CHROMIUM, '/usr/bin/chromium')

export default defineConfig({
  ...stories,
  testDir: '.',
  testMatch: '*.bench.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  reporter: [['list'], ['./table.ts']],
  projects: stories.projects
    ?.filter((project) => project.name === 'chromium')
    .map((project) => ({ ...project, use: { ...project.use, launchOptions: { ...project.use?.launchOptions, executablePath } } })),
})

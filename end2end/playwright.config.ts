// Which browsers run which stories. The server is not started here: every test starts its own.

import { existsSync } from 'node:fs'
import { defineConfig, devices } from '@playwright/test'

/** A browser of this machine; else the one that Playwright brings along. */
export const own = (set: string | undefined, path: string) => set ?? (existsSync(path) ? path : undefined)
/** Without the windows, menus and services that no story opens: half the work for the processor. */
const chromiumPath = own(process.env.CHROMIUM, '/usr/bin/chromium-headless-shell')
const firefoxPath = own(process.env.FIREFOX, '/usr/bin/firefox-esr')

const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: chromiumPath,
    args: [
      // Chromium's sandbox does not start for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // An address that is not local, on machines that have no other.
      '--host-resolver-rules=MAP parley.test 127.0.0.1',
    ],
  },
}

// Playwright drives a Firefox that it did not patch by WebDriver BiDi.
const firefox = {
  browserName: 'firefox' as const,
  ...(firefoxPath && { channel: 'moz-firefox', launchOptions: { executablePath: firefoxPath } }),
}

const everywhere = /(doors|talk|insecure|emoji|aloud|keys|status|languages|missed|life)\.spec\.ts/
const byTouch = /(desk|talk|insecure|emoji|box|status|languages|missed|life)\.spec\.ts/
const shots = /shots\.spec\.ts/

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  // Stories wait about as long as they work: three keep two processors busy.
  workers: 3,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/reporter.ts']],
  use: { locale: 'en-GB', timezoneId: 'Europe/Berlin', actionTimeout: 10_000 },
  projects: [
    {
      name: 'chromium',
      testIgnore: shots,
      use: { ...chromium, viewport: { width: 1280, height: 800 } },
    },
    { name: 'phone', testMatch: byTouch, use: { ...devices['Pixel 7'], ...chromium } },
    {
      name: 'firefox',
      testMatch: everywhere,
      use: { ...firefox, viewport: { width: 1280, height: 800 } },
    },
    ...(process.env.SHOTS ? [{ name: 'shots', testMatch: shots, use: { ...chromium, deviceScaleFactor: 2 } }] : []),
  ],
})

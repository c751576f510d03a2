// What a page asks for and does not get yet.

import type { Page } from '@playwright/test'

/** Holds such answers back until they are let go. Returns what lets them go. */
export const holdBack = async (page: Page, what: string) => {
  let letGo = () => {}
  const held = new Promise<void>((done) => (letGo = done))
  await page.route(what, async (route) => {
    await held
    await route.continue()
  })
  return letGo
}

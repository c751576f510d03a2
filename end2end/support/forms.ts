// Forms that lead back to their own page.

import { expect, type Locator } from '@playwright/test'

/**
 * Presses what sends such a form, and returns when its answer is shown: the page that comes back looks as the one
 * that was filled in, so whoever looks too early sees the same.
 */
export const sends = async (button: Locator) => {
  const page = button.page()
  const html = page.locator('html')
  await html.evaluate((html) => html.setAttribute('data-before', ''))
  await button.click()
  await expect(html).not.toHaveAttribute('data-before')
  await page.waitForLoadState('domcontentloaded')
}

// Whether a page can be used by everyone, as far as a machine can tell: in dark and in light.

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

export const expectAccessible = async (page: Page) => {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    // What is half-way to another colour has neither's contrast.
    await page.evaluate(() =>
      Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)),
    )
    // Without "legacy", each look at a page opens another one, to add up its frames; it has none.
    const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
    const { violations } = await axe.analyze()
    const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`))
    expect(found, colorScheme).toEqual([])
  }
}

// Whether a page can be used by everyone, as far as a machine can tell.

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

export const expectAccessible = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`))
  expect(found).toEqual([])
}

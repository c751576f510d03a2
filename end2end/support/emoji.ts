// What a person sees of emoji: the picker, and what is proposed for a half-typed word.

import { expect } from '@playwright/test'
import type { Person } from './person'

export const emojiOf = ({ page }: Person) => {
  const panel = page.getByRole('dialog', { name: 'Emoji' })
  const list = page.getByRole('listbox', { name: 'Emoji that match' })
  return {
    panel,
    button: page.getByRole('button', { name: 'Emoji', exact: true }),
    search: panel.getByRole('searchbox', { name: 'Search emoji' }),
    one: (name: string) => panel.getByRole('button', { name, exact: true }),
    kind: (name: string) => panel.getByRole('group', { name, exact: true }),
    list,
    options: list.getByRole('option'),
    chosen: list.getByRole('option', { selected: true }),

    /** Without its button, which narrow rooms have not. */
    async rise() {
      await page.locator('#emoji').evaluate((panel: HTMLElement) => panel.showPopover())
      await expect(this.search).toBeVisible()
    },

    async open() {
      await this.button.click()
      await expect(this.search).toBeVisible()
    },
  }
}

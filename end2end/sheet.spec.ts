// Layers over the talk: while one is open it has the focus, and when it goes the focus is back where
// it came from.

import type { Person } from './support/person'
import { expect, test } from './support/test'

const NARROW = { viewport: { width: 600, height: 800 } }

const sheetOf = ({ page }: Person) => ({
  sheet: page.locator('#people'),
  opener: page.getByRole('button', { name: 'People', exact: true }),
  dialog: page.getByRole('dialog', { name: 'People' }),
})

test('the people’s sheet is modal, and gives the focus back', async ({ person }) => {
  const ana = await person('Ana', NARROW)
  await ana.create()
  const { sheet, opener, dialog } = sheetOf(ana)
  for (const close of ['Escape', 'Enter'] as const) {
    await opener.focus()
    await ana.page.keyboard.press('Enter')
    await expect(dialog).toBeVisible()
    await expect(dialog.getByRole('heading', { name: 'People' })).toBeFocused()
    // Nothing behind it can be reached, by whatever key.
    for (let stop = 0; stop < 12; stop++) {
      await ana.page.keyboard.press('Tab')
      const where = await ana.page.evaluate(() => {
        const active = document.activeElement
        return active === document.body || !!active?.closest('#people')
      })
      expect(where).toBe(true)
    }
    await expect(ana.box).not.toBeFocused()
    await ana.page.keyboard.press('/')
    await expect(ana.box).not.toBeFocused()
    await ana.button('Close people').focus()
    await ana.page.keyboard.press(close)
    await expect(sheet).toBeHidden()
    await expect(opener).toBeFocused()
  }
  await ana.page.keyboard.press('/')
  await expect(ana.box).toBeFocused()
})

test('a tap beside the sheet closes it', async ({ person }) => {
  const ana = await person('Ana', { ...NARROW, hasTouch: true })
  await ana.create()
  const { sheet, opener } = sheetOf(ana)
  await opener.tap()
  await expect(sheet).toBeVisible()
  await ana.page.touchscreen.tap(300, 90)
  await expect(sheet).toBeHidden()
  await expect(ana.log).toBeVisible()
  await ana.say('and on')
})

test('as a column, people are a part of the page, and become a sheet where it is narrow', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const { sheet, dialog } = sheetOf(ana)
  await ana.button('People').click()
  await ana.button('People').click()
  await expect(sheet).toBeVisible()
  await expect(dialog).toHaveCount(0)
  await ana.box.focus()
  await expect(ana.box).toBeFocused()
  await ana.page.setViewportSize(NARROW.viewport)
  await expect(dialog).toBeVisible()
  await ana.page.setViewportSize({ width: 1280, height: 800 })
  await expect(dialog).toHaveCount(0)
  await expect(sheet).toBeVisible()
  await ana.say('and on')
})

test('the focus comes back from the dates', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await ana.say('said')
  await ana.expectSaid(['said'])
  const panel = ana.page.getByRole('dialog', { name: 'Jump to a date' })
  const day = ana.days.first()
  await day.focus()
  await ana.page.keyboard.press('Enter')
  await expect(panel).toBeVisible()
  await ana.page.keyboard.press('Tab')
  await expect(panel.getByLabel('Date')).toBeFocused()
  await ana.page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(day).toBeFocused()
})

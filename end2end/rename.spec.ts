// Being called otherwise, in place.

import type { Person } from './support/person'
import { expect, test } from './support/test'

const rename = async (person: Person, name: string) => {
  const { page } = person
  const dialog = page.getByRole('dialog', { name: 'Change your name' })
  if (!(await dialog.isVisible())) {
    await person.button('Room menu').click()
    await person.button('Change your name').click()
  }
  await dialog.getByRole('textbox', { name: 'Your name' }).fill(name)
  await dialog.getByRole('button', { name: 'Save' }).click()
  return dialog
}

const authors = (person: Person) => person.log.locator('.message__author')

test('a new name is everywhere at once, and nothing is loaded anew', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await bo.join(await ana.create())
  await bo.say('I bring the lamp')
  await ana.expectSaid(['I bring the lamp'])
  await ana.openPeople()
  await ana.expectPeople(['Ana', 'Bo'])
  await bo.page.evaluate(() => Object.assign(window, { same: true }))
  const dialog = await rename(bo, 'Boris')
  await expect(dialog).toBeHidden()
  await expect(bo.button('Room menu')).toBeFocused()
  await expect(bo.page.getByText('You write as \u2068Boris\u2069')).toBeVisible()
  await expect(authors(ana)).toHaveText(['Boris'])
  await ana.expectPeople(['Ana', 'Boris'])
  await bo.say('Who else?')
  await ana.expectSaid(['I bring the lamp', 'Who else?'])
  await expect(authors(ana).last()).toHaveText('Boris')
  expect(await bo.page.evaluate(() => 'same' in window)).toBe(true)
  await bo.page.reload()
  await bo.expectRoom()
  await expect(bo.page.getByText('You write as \u2068Boris\u2069')).toBeVisible()
})

for (const javaScriptEnabled of [true, false]) {
  test(`of a name that is taken another is proposed, with${javaScriptEnabled ? '' : 'out'} JavaScript`, async ({ person, quiet }) => {
    quiet.allow(/status of 409/)
    const [ana, bo] = [await person('Ana'), await person('Bo', { javaScriptEnabled })]
    await bo.join(await ana.create())
    await rename(bo, 'ANA')
    await expect(bo.page.getByText(/\u2068ANA 2\u2069 is free/).first()).toBeVisible()
    await rename(bo, 'ANA 2')
    await expect(bo.page.getByText('You write as \u2068ANA 2\u2069')).toBeVisible()
  })
}

test('only whoever is in a room has a name to change', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await bo.open(await ana.create())
  await bo.expectRoom()
  await bo.button('Room menu').click()
  await expect(bo.button('Show QR code')).toBeVisible()
  await expect(bo.button('Change your name')).toBeHidden()
})

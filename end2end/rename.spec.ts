// Being called otherwise, in place.

import type { Person } from './support/person'
import { expect, test } from './support/test'

const dialogOf = (person: Person, page = person.page) => {
  const dialog = page.getByRole('dialog', { name: 'Change your name' })
  return {
    dialog,
    field: dialog.getByRole('textbox', { name: 'Your name' }),
    open: async () => {
      await page.getByRole('button', { name: 'Room menu' }).click()
      await page.getByRole('button', { name: 'Change your name' }).click()
      await expect(dialog).toBeVisible()
    },
    ask: async (name: string) => {
      await dialog.getByRole('textbox', { name: 'Your name' }).fill(name)
      await dialog.getByRole('button', { name: 'Save' }).click()
    },
  }
}

const writesAs = (person: Person, name: string, page = person.page) =>
  expect(page.getByText(`You write as \u2068${name}\u2069`, { exact: true })).toBeVisible()

const authors = (person: Person) => person.log.locator('.message__author')

test('a new name is everywhere at once, and nothing is loaded anew', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await bo.join(await ana.create())
  await bo.say('I bring the lamp')
  await ana.expectSaid(['I bring the lamp'])
  await ana.openPeople()
  await ana.expectPeople(['Ana', 'Bo'])
  await bo.page.evaluate(() => Object.assign(window, { same: true }))
  const { dialog, open, ask } = dialogOf(bo)
  await open()
  await ask('Boris')
  await expect(dialog).toBeHidden()
  await expect(bo.button('Room menu')).toBeFocused()
  await writesAs(bo, 'Boris')
  await expect(authors(ana)).toHaveText(['Boris'])
  await ana.expectPeople(['Ana', 'Boris'])
  await bo.say('Who else?')
  await ana.expectSaid(['I bring the lamp', 'Who else?'])
  await expect(authors(ana).last()).toHaveText('Boris')
  expect(await bo.page.evaluate(() => 'same' in window)).toBe(true)
  await bo.page.reload()
  await bo.expectRoom()
  await writesAs(bo, 'Boris')
})

test('a new name reaches ones other tabs, also of one who has said nothing', async ({ person }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  const other = await ana.page.context().newPage()
  await other.goto(new URL(room, ana.base).href)
  await writesAs(ana, 'Ana', other)
  const { open, ask } = dialogOf(ana)
  await open()
  await ask('Anna')
  await writesAs(ana, 'Anna', other)
  // It is known there as their own, to be changed again.
  const there = dialogOf(ana, other)
  await there.open()
  await expect(there.field).toHaveValue('Anna')
  await there.ask('Zoe')
  await writesAs(ana, 'Zoe')
})

test('the panel begins with the name as it is, whatever was typed before', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const { dialog, field, open, ask } = dialogOf(ana)
  await open()
  await field.pressSequentially(' or not')
  await ana.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await open()
  await expect(field).toHaveValue('Ana')
  await ask('Anna')
  await expect(dialog).toBeHidden()
  await writesAs(ana, 'Anna')
  await open()
  await expect(field).toHaveValue('Anna')
})

test('of two names the one that was asked for last stays, and no late answer closes the panel', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const asked: string[] = []
  let answer = () => {}
  const held = new Promise<void>((resolve) => { answer = resolve })
  await ana.page.route(/\/name$/, async (route) => {
    asked.push(new URLSearchParams(route.request().postData() ?? '').get('name') ?? '')
    if (asked.length === 1) await held
    await route.continue()
  })
  const { dialog, field, open, ask } = dialogOf(ana)
  await open()
  await ask('Slow')
  await expect.poll(() => asked).toEqual(['Slow'])
  await ask('Late')
  await ana.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await open()
  await field.fill('Next')
  const late = ana.page.waitForResponse((response) => response.request().postData() === 'name=Late')
  answer()
  await writesAs(ana, 'Late')
  await (await late).finished()
  expect(asked).toEqual(['Slow', 'Late'])
  await expect(field).toHaveValue('Next')
  await expect(dialog).toBeVisible()
})

test('a name that is refused and a message that is refused say so each in its place', async ({ person, quiet }) => {
  quiet.allow(/status of 409/)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await bo.join(await ana.create())
  await ana.openPeople()
  const { dialog, field, open, ask } = dialogOf(bo)
  const ofName = dialog.getByRole('alert')
  const ofMessage = bo.page.locator('form.composer').getByRole('alert')
  await open()
  await ask('ANA')
  await expect(ofName).toHaveText(/\u2068ANA 2\u2069 is free/)
  await expect(ofMessage).toHaveText('')
  await field.press('End')
  await field.press('2')
  await expect(ofName).toBeHidden()
  await ask('x'.repeat(21))
  await expect(ofName).toHaveText('A name has at most 20 characters.')
  await bo.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  const long = 'x'.repeat(4001)
  await bo.box.fill(long)
  await bo.box.press('Enter')
  await expect(ofMessage).toHaveText('A message has at most 4000 characters.')
  await open()
  await expect(ofName).toBeHidden()
  await ask('Boris')
  await expect(dialog).toBeHidden()
  await ana.expectPeople(['Ana', 'Boris'])
  await expect(ofMessage).toHaveText('A message has at most 4000 characters.')
  await expect(bo.box).toHaveValue(long)
})

test('a name that is refused comes back to be mended, without JavaScript', async ({ person, quiet }) => {
  quiet.allow(/status of (409|422)/)
  const [ana, bo] = [await person('Ana'), await person('Bo', { javaScriptEnabled: false })]
  await bo.join(await ana.create())
  const { dialog, field, open, ask } = dialogOf(bo)
  await open()
  for (const [name, problem] of [
    ['ANA', /\u2068ANA 2\u2069 is free/],
    ['x'.repeat(21), 'A name has at most 20 characters.'],
  ] as const) {
    await ask(name)
    await expect(dialog.getByRole('alert')).toHaveText(problem)
    await expect(field).toHaveValue(name)
    await expect(field).toBeFocused()
  }
  await dialog.getByRole('link', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await writesAs(bo, 'Bo')
  await open()
  await expect(field).toHaveValue('Bo')
  await ask('ANA 2')
  await expect(dialog).toBeHidden()
  await writesAs(bo, 'ANA 2')
})

test('a panel that a form brought back is a panel once there is a script', async ({ person, quiet }) => {
  quiet.allow(/status of 422/)
  const ana = await person('Ana')
  await ana.create()
  const { dialog, field, open } = dialogOf(ana)
  await open()
  await field.fill('x'.repeat(21))
  // As before the script was there.
  await field.evaluate((input: HTMLInputElement) => input.form?.submit())
  await expect(dialog.getByRole('alert')).toHaveText('A name has at most 20 characters.')
  await expect(field).toHaveValue('x'.repeat(21))
  await ana.expectStatus('live')
  await ana.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('only whoever is in a room has a name to change', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await bo.open(await ana.create())
  await bo.expectRoom()
  await bo.button('Room menu').click()
  await expect(bo.button('Show QR code')).toBeVisible()
  await expect(bo.button('Change your name')).toBeHidden()
})

for (const javaScriptEnabled of [true, false]) {
  test(`a name in the settings is for the rooms that one enters next, with${javaScriptEnabled ? '' : 'out'} JavaScript`, async ({ person, quiet }) => {
    quiet.allow(/status of 422/)
    const ana = await person('Ana', { javaScriptEnabled })
    await ana.open('/settings')
    await ana.yourName.fill('\u200b ')
    await ana.button('Save').click()
    await expect(ana.page.getByText('Please give a name.')).toBeVisible()
    await ana.yourName.fill('Zoë')
    await ana.button('Save').click()
    await expect(ana.page).toHaveURL(/\/settings$/)
    await expect(ana.yourName).toHaveValue('Zoë')
    await ana.open()
    await expect(ana.yourName).toHaveValue('Zoë')
  })
}

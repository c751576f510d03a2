// Rooms as their creators want them: named, listed, and for how long.

import type { Person } from './support/person'
import { expect, test } from './support/test'

/** In the header or, where that is narrow, beside the people. */
const expectKept = async (person: Person, kept: string, narrow: boolean) => {
  if (narrow) await person.button('People').click()
  await expect(person.page.getByText(kept).filter({ visible: true })).toHaveCount(1)
}

for (const javaScriptEnabled of [true, false]) {
  test(`a room is made as it is wanted, with${javaScriptEnabled ? '' : 'out'} JavaScript`, async ({ person, isMobile, browserName }) => {
    test.skip(browserName === 'firefox' && !javaScriptEnabled, 'it cannot be told to have none')
    const ana = await person('Ana', { javaScriptEnabled })
    const bo = await person('Bo')
    await ana.open()
    await ana.yourName.fill('Ana')
    await ana.button('Options for the new room').click()
    await expect(ana.yourName).toHaveValue('Ana')
    const name = ana.page.getByRole('textbox', { name: 'Room name' })
    await expect(name).toHaveValue(/^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u)
    await name.fill('Tidepool survey')
    await ana.page.getByRole('switch', { name: 'List it in the lobby' }).check()
    await ana.page.getByRole('combobox', { name: 'Lifetime' }).selectOption('1 day')
    await ana.button('Create a room').click()
    await ana.expectRoom()
    await expect(ana.page.getByRole('heading', { name: 'Tidepool survey' })).toBeVisible()
    await expectKept(ana, 'Kept 1 day after the last person leaves', isMobile)

    await bo.open()
    const room = bo.page.getByRole('region', { name: 'Open rooms' }).getByRole('link', { name: /Tidepool survey/ })
    await expect(room).toHaveAccessibleName(`Tidepool survey ${javaScriptEnabled ? '1 here' : 'Empty'} Now`)
    await room.click()
    await bo.expectRoom()
  })
}

test('a room that nobody chose anything for has a name and is nobody else’s to see', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  await ana.create()
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(/^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u)
  await bo.open()
  await expect(bo.page.getByRole('region', { name: 'Open rooms' })).toHaveCount(0)
})

test.describe('rooms from the settings', () => {
  test.use({ settings: ['--rooms', 'General,Random'] })

  test('are live in the lobby: who is there, and which are new', async ({ person }) => {
    const ana = await person('Ana')
    const bo = await person('Bo')
    await bo.open()
    const open = bo.page.getByRole('region', { name: 'Open rooms' })
    const general = open.getByRole('link', { name: /General/ })
    await expect(open.getByRole('link')).toHaveText([/^General/, /^Random/])
    await expect(general).toHaveAccessibleName(/ Empty /)
    // What somebody is about to choose stays where it is.
    await general.focus()
    await ana.open('/r/general')
    await ana.yourName.fill('Ana')
    await ana.button('Join').click()
    await expect(general).toHaveAccessibleName(/ 1 here /)
    await ana.open('/new')
    await ana.page.getByRole('textbox', { name: 'Room name' }).fill('Tea')
    await ana.page.getByRole('switch', { name: 'List it in the lobby' }).check()
    await ana.button('Create a room').click()
    await ana.expectRoom()
    await expect(open.getByRole('link')).toHaveText([/^General/, /^Random/, /^Tea/])
    await expect(open.getByRole('link', { name: /Tea/ })).toHaveAccessibleName(/ 1 here Now$/)
    await expect(general).toHaveAccessibleName(/ Empty /)
    await expect(general).toBeFocused()
    await ana.leave()
    await expect(open.getByRole('link', { name: /Tea/ })).toHaveAccessibleName(/ Empty /)
  })

  test('are always there, in the lobby', async ({ person, isMobile }) => {
    const bo = await person('Bo')
    await bo.open()
    await bo.page.getByRole('region', { name: 'Open rooms' }).getByRole('link', { name: /General/ }).click()
    await expect(bo.page).toHaveURL(/\/r\/general$/)
    await expect(bo.page.getByRole('heading', { name: 'General' })).toBeVisible()
    await expectKept(bo, 'Kept for ever', isMobile)
  })
})

test.describe('where grace is short', () => {
  test.use({ settings: ['--grace', '8', '--rooms', 'General'] })

  test('a room that ends takes with it what browsers keep of it, and says so to who was in it', async ({ person, quiet }) => {
    test.slow()
    quiet.allow(/status of 404/)
    const ana = await person('Ana')
    const bo = await person('Bo')
    const eve = await person('Eve')
    await ana.open('/new')
    await ana.yourName.fill('Ana')
    await ana.page.getByRole('textbox', { name: 'Room name' }).fill('Tea')
    await ana.page.getByRole('switch', { name: 'List it in the lobby' }).check()
    await ana.page.getByRole('combobox', { name: 'Lifetime' }).selectOption('While someone is here')
    await ana.button('Create a room').click()
    await ana.expectRoom()
    const { pathname } = new URL(ana.page.url())
    await ana.say('Not for long')

    // Who only reads along keeps no room.
    await bo.open(pathname)
    await bo.expectSaid(['Not for long'])
    await bo.box.fill('half a thought')
    const kept = () => bo.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parley.draft')))
    await expect.poll(kept).toHaveLength(1)
    await ana.open()
    const tea = ana.page.locator(`#rooms a[href="${pathname}"]`)
    await expect(tea).toBeVisible()
    await eve.open()
    const open = eve.page.getByRole('region', { name: 'Open rooms' })
    await open.getByRole('link', { name: /Tea/ }).focus()

    await expect(bo.page.getByRole('heading', { name: 'No open room here' })).toBeVisible({ timeout: 60_000 })
    expect(await kept()).toEqual([])
    await expect(tea).toHaveCount(0)
    // Who was about to enter it stands at the one beside it.
    await expect(open.getByRole('link')).toHaveText([/^General/])
    await expect(open.getByRole('link', { name: /General/ })).toBeFocused()
    await ana.open(pathname)
    await expect(ana.page.getByRole('heading', { name: '\u2068Tea\u2069 has ended' })).toBeVisible()
    await expect(ana.page.getByText('Its messages are gone')).toBeVisible()
  })
})

// axe finds nothing, on any page, wide and on a phone, in light and dark.

import { expectAccessible } from './support/axe'
import { emojiOf } from './support/emoji'
import { flood } from './support/flood'
import type { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

test.beforeEach(() => test.slow())

/** axe is a script itself: the page as it is served, with only ours held back. */
const withoutScripts = async ({ page }: Person) => {
  await page.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'export default () => {}' }))
  await page.reload()
}

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

for (const [size, viewport] of Object.entries(sizes)) {
  const options = { viewport, hasTouch: size === 'phone' }

  test(`lobby, door and settings, ${size}`, async ({ person, quiet }) => {
    quiet.allow(/status of (404|422)/)
    const ana = await person('Ana', options)
    await ana.open()
    await expectAccessible(ana.page)
    await ana.open('/r/ZZZZ')
    await expectAccessible(ana.page)
    await ana.open('/settings')
    await expectAccessible(ana.page)
    await ana.open('/new')
    await expectAccessible(ana.page)
    await ana.page.getByRole('textbox', { name: 'Room name' }).fill('x'.repeat(31))
    await ana.page.getByRole('switch', { name: 'List it in the lobby' }).check()
    await ana.button('Create a room').click()
    await expect(ana.page.getByRole('alert')).toBeVisible()
    await expectAccessible(ana.page)
    await ana.page.getByRole('textbox', { name: 'Room name' }).fill('Tea')
    await ana.button('Create a room').click()
    await ana.expectRoom()
    await ana.open()
    await ana.yourName.fill('x'.repeat(21))
    await ana.button('Create a room').click()
    await expect(ana.page.getByRole('alert')).toBeVisible()
    await expectAccessible(ana.page)
  })

  test(`a room, ${size}`, async ({ person }) => {
    const ana = await person('Ana', options)
    const bo = await person('Bo')
    const room = await ana.create()
    await expectAccessible(ana.page)
    await bo.join(room)
    await bo.say('I bring the thermos')
    await ana.expectSaid(['I bring the thermos'])
    await ana.sayAll(['Low tide at six', 'Bring a lamp'])
    await ana.expectSaid(['I bring the thermos', 'Low tide at six', 'Bring a lamp'])
    await ana.openPeople()
    await expectAccessible(ana.page)
  })

  test(`another name, ${size}`, async ({ person, quiet }) => {
    quiet.allow(/status of 409/)
    const [ana, bo] = [await person('Ana'), await person('Bo', options)]
    await bo.join(await ana.create())
    const refusedName = async () => {
      await bo.button('Room menu').click()
      await bo.button('Change your name').click()
      await bo.page.getByRole('dialog').getByRole('textbox').fill('ana')
      await bo.button('Save').click()
      await expect(bo.page.getByRole('dialog').getByRole('alert')).toBeVisible()
      await expectAccessible(bo.page)
    }
    await refusedName()
    await withoutScripts(bo)
    await refusedName()
  })

  test(`emoji, ${size}`, async ({ person }) => {
    const ana = await person('Ana', options)
    const emoji = emojiOf(ana)
    await ana.create()
    await ana.box.pressSequentially(':smi')
    await expect(emoji.list).toBeVisible()
    await expectAccessible(ana.page)
    await ana.page.keyboard.press('Enter')
    await emoji.rise()
    // All of them are alike, and to look at each takes minutes.
    await emoji.search.fill('cat')
    await expect(emoji.one('cat face')).toBeVisible()
    await expectAccessible(ana.page)
    await emoji.search.fill('no such thing')
    await expectAccessible(ana.page)
  })

  test(`what opens over a room, ${size}`, async ({ person }) => {
    const ana = await person('Ana', options)
    await ana.create()
    await flood(ana, 40)
    await expect(ana.log.locator('[data-seq="40"]')).toBeInViewport()
    await ana.log.evaluate((log) => (log.scrollTop = 0))
    await expect(ana.page.locator('.jump')).toBeVisible()
    await expectAccessible(ana.page)
    await ana.page.locator('header .connection').click()
    await expect(ana.page.getByText('Complete to #40')).toBeVisible()
    await expectAccessible(ana.page)
    await ana.page.keyboard.press('Escape')
    await ana.days.first().click()
    await expect(ana.page.getByRole('dialog', { name: 'Jump to a date' })).toBeVisible()
    await expectAccessible(ana.page)
    await ana.page.keyboard.press('Escape')
    await ana.button('Room menu').click()
    await expect(ana.page.getByRole('link', { name: 'Web page' })).toBeVisible()
    await expectAccessible(ana.page)
    await ana.button('Show QR code').click()
    await expect(ana.page.getByRole('dialog', { name: 'Share this room' })).toBeVisible()
    await expectAccessible(ana.page)
    await ana.page.keyboard.press('Escape')
    await ana.log.focus()
    await ana.page.keyboard.press('Home')
    await expect(ana.rows.first()).toBeFocused()
    await expectAccessible(ana.page)
  })

  test(`a room without a line, ${size}`, async ({ person, line, quiet }) => {
    quiet.allow(CUT)
    const ana = await person('Ana', { ...options, base: line.url })
    await ana.create()
    await ana.postsAreRefused()
    await ana.say('refused')
    await expect(ana.row('refused')).toHaveAttribute('data-status', 'failed')
    await expectAccessible(ana.page)
    line.cut()
    await ana.expectStatus('reconnecting', 'offline')
    await ana.say('waits')
    // It appears after a moment, for a quick send needs no word.
    await expect(ana.row('waits').locator('.message__status')).toHaveCSS('visibility', 'visible')
    await expectAccessible(ana.page)
    await ana.expectStatus('offline')
    await expectAccessible(ana.page)
    await ana.page.locator('header .connection').click()
    await expect(ana.page.getByText('wait on this device')).toBeVisible()
    await expectAccessible(ana.page)
  })

  test(`a visitor’s room, ${size}`, async ({ person, quiet }) => {
    quiet.allow(/status of (409|422)/)
    const ana = await person('Ana')
    const bo = await person('Bo', options)
    const room = await ana.create()
    await ana.say('Low tide at six')
    await bo.open(room)
    await bo.expectRoom()
    await expectAccessible(bo.page)
    await bo.yourName.fill('Ana')
    await bo.button('Join').click()
    await expect(bo.page.getByRole('alert').filter({ hasText: 'Somebody here has that name' })).toBeVisible()
    await expectAccessible(bo.page)
  })

  test(`a room without JavaScript, ${size}`, async ({ person }) => {
    const ana = await person('Ana', options)
    await ana.create()
    await ana.say('Low tide at six')
    await ana.expectSaid(['Low tide at six'])
    await withoutScripts(ana)
    await expect(ana.row('Low tide at six')).toBeVisible()
    await expectAccessible(ana.page)
  })
}

test('the whole story by keyboard', async ({ person }) => {
  const ana = await person('Ana')
  await ana.open()
  await ana.yourName.focus()
  await ana.yourName.fill('Ana')
  await ana.page.keyboard.press('Enter')
  await ana.expectRoom()
  await ana.page.keyboard.press('Tab')
  await expect(ana.page.getByRole('link', { name: 'Skip to the message box' })).toBeFocused()
  await ana.page.keyboard.press('Enter')
  await expect(ana.box).toBeFocused()
  await ana.page.keyboard.type('Without a mouse')
  await ana.page.keyboard.press('Enter')
  await ana.expectSaid(['Without a mouse'])
})

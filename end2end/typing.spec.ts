// Who is typing, as the others see it.

import { expect, test } from './support/test'

test.beforeEach(() => test.slow())

test('typing is seen by the others while it lasts, and moves nothing', async ({ person }) => {
  const [ana, bo, cai] = [await person('Ana'), await person('Bo'), await person('Cai')]
  const room = await ana.create()
  for (const guest of [bo, cai]) await guest.join(room)
  await ana.say('Low tide at six')
  const places = async () => [await ana.log.boundingBox(), await ana.box.boundingBox()]
  const before = await places()

  await bo.box.pressSequentially('I br')
  await ana.expectTyping('Bo is typing')
  await cai.expectTyping('Bo is typing')
  await bo.expectTyping('')
  expect(await places()).toEqual(before)
  await cai.box.pressSequentially('And')
  await bo.box.pressSequentially('ing')
  await ana.expectTyping('Bo and Cai are typing')
  await bo.expectTyping('Cai is typing')

  // Sent, and emptied. Who goes on typing is typing on.
  await cai.box.pressSequentially(' so')
  await bo.send.click()
  await expect(ana.row('I bring')).toBeVisible()
  await ana.expectTyping('Cai is typing')
  await cai.box.fill('')
  await ana.expectTyping('')
})

test('three are several, and who stops in the middle of a word has stopped', async ({ person }) => {
  const people = [await person('Ana'), await person('Bo'), await person('Cai'), await person('Di')]
  const [ana, ...others] = people as [(typeof people)[0], ...typeof people]
  const room = await ana.create()
  for (const one of others) await one.join(room)
  for (const one of others) await one.box.pressSequentially('Hm')
  await ana.expectTyping('Several people are typing')
  await ana.expectTyping('')
})

test('typing is switched off: then it is neither told nor shown', async ({ person }) => {
  const [ana, bo, cai] = [await person('Ana'), await person('Bo'), await person('Cai')]
  const room = await ana.create()
  for (const guest of [bo, cai]) await guest.join(room)
  const typing = ana.page.getByRole('switch', { name: 'Show when I am typing' })
  const back = async () => {
    await ana.button('Save').click()
    await expect(ana.page).toHaveURL(/\/settings$/)
    await ana.open(room)
    await ana.expectRoom()
  }
  await ana.page.getByRole('link', { name: 'Settings' }).click()
  await expect(typing).toBeChecked()
  await typing.uncheck()
  await back()
  await ana.box.pressSequentially('Hm')
  await bo.box.pressSequentially('Hm')
  await cai.expectTyping('Bo is typing')
  // Ana would have heard of it before this, and it lasts.
  await cai.say('Hello')
  await ana.expectSaid(['Hello'])
  expect(await ana.page.locator('.typing').innerText()).toBe('')

  await ana.page.getByRole('link', { name: 'Settings' }).click()
  await expect(typing).not.toBeChecked()
  await typing.check()
  await back()
  await bo.box.pressSequentially('Hm')
  await ana.expectTyping('Bo is typing')
  await ana.box.pressSequentially('Hm')
  await bo.expectTyping('Ana is typing')
})

test('settings need no script, and are kept', async ({ person }) => {
  const ana = await person('Ana', { javaScriptEnabled: false, viewport: { width: 390, height: 844 } })
  await ana.open()
  await ana.page.getByRole('link', { name: 'Settings' }).click()
  const typing = ana.page.getByRole('switch', { name: 'Show when I am typing' })
  const dark = ana.page.getByRole('radio', { name: 'Dark' })
  const sound = ana.page.getByRole('switch', { name: 'Sound' })
  await typing.uncheck()
  await sound.check()
  await dark.check()
  await ana.button('Save').click()
  await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await ana.open('/settings')
  await expect(typing).not.toBeChecked()
  await expect(dark).toBeChecked()
  await expect(sound).toBeChecked()
  // Only a script can ask for them.
  await expect(ana.page.getByRole('switch', { name: 'Of every room' })).toBeHidden()
  // The other way to a theme leaves the rest as it is.
  await ana.open()
  await ana.button('Theme').click()
  await ana.open('/settings')
  await expect(typing).not.toBeChecked()
  await expect(ana.page.getByRole('radio', { name: 'System' })).toBeChecked()
})

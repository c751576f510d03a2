// What is new to me: a line in the log, a number in the lists, the same on all my devices, and gone
// once I have seen it.

import { flood } from './support/flood'
import { Person } from './support/person'
import { expect, test } from './support/test'

const listed = (who: Person, room: string) =>
  who.page.getByRole('region', { name: 'Your rooms' }).locator(`a[href="${room}"]`)

const line = (who: Person) => who.log.getByRole('separator', { name: 'New messages' })

/** The same person on one more device. */
const elsewhere = async (who: Person) => new Person(who.name, await who.page.context().newPage(), who.base)

test('what I have seen is new nowhere any more, and nobody else’s business', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await bo.join(room)
  await bo.open()
  await ana.sayAll(['one', 'two'])
  await ana.expectSaid(['one', 'two'])
  await bo.open()
  await expect(listed(bo, room).locator('.badge')).toHaveText(/^2/)
  await bo.open(room)
  await bo.expectSaid(['one', 'two'])
  const phone = await elsewhere(bo)
  await expect(async () => {
    await phone.open()
    await expect(listed(phone, room)).toBeVisible()
    await expect(listed(phone, room)).not.toHaveAttribute('data-unread', { timeout: 500 })
  }).toPass()
})

test('a line stands where I left off, and stays there while I am here', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await ana.say('known')
  await bo.join(room)
  await expect(line(bo)).toHaveCount(0)
  await bo.open()
  await ana.sayAll(['new', 'newer'])
  await ana.expectSaid(['known', 'new', 'newer'])
  await bo.open(room)
  await bo.expectSaid(['known', 'new', 'newer'])
  await expect(line(bo)).toHaveCount(1)
  const after = await line(bo).evaluate((line) => line.nextElementSibling!.getAttribute('data-seq'))
  expect(after).toBe('2')
  await ana.say('newest')
  await bo.expectSaid(['known', 'new', 'newer', 'newest'])
  await bo.say('mine')
  await expect(line(bo)).toHaveCount(1)
  // It is said every few seconds.
  await expect(async () => {
    await bo.page.reload()
    await bo.expectStatus('live')
    await expect(line(bo)).toHaveCount(0, { timeout: 500 })
  }).toPass()
})

test('a room with much to read opens where I left off', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 20)
  await bo.join(room)
  await bo.open()
  await flood(ana, 100)
  await bo.open(room)
  await bo.expectStatus('live')
  await expect(line(bo)).toBeInViewport()
  await expect(bo.log.locator('[data-seq="21"]')).toBeInViewport()
  const jump = bo.page.getByRole('link', { name: /Jump to newest/ })
  await expect(jump).toHaveAttribute('data-new', '100')
  await jump.click()
  await expect(bo.log.locator('[data-seq="120"]')).toBeInViewport()
})

test('what I read on the phone is not new on the laptop', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 60)
  await bo.join(room)
  // On the laptop Bo looks at older messages.
  await expect(bo.log.locator('[data-seq="60"]')).toBeInViewport()
  await bo.log.evaluate((log) => log.scrollTo(0, 0))
  const jump = bo.page.getByRole('link', { name: /Jump to newest/ })
  await expect(jump).toBeVisible()
  await ana.say('Look at this')
  await expect(jump).toHaveAttribute('data-new', '1')

  const phone = await elsewhere(bo)
  await phone.open(room)
  await expect(phone.row('Look at this')).toBeVisible()
  await expect(jump).not.toHaveAttribute('data-new', { timeout: 15_000 })
})

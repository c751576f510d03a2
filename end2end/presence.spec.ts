// Who is here, who is away, who came and went.

import { Guest } from './support/guests'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

test.beforeEach(() => test.slow())

test('who comes and goes is said once, in few words, and only to others', async ({ person }) => {
  const [ana, bo, cai] = [await person('Ana'), await person('Bo'), await person('Cai')]
  const room = await ana.create()
  await bo.join(room)
  await ana.expectLines(['Bo joined'])
  await cai.join(room)
  await ana.expectLines(['Bo and Cai joined'])
  await bo.expectLines(['Cai joined'])

  await ana.say('Low tide at six')
  await cai.expectSaid(['Low tide at six'])
  await bo.leave()
  await ana.expectLines(['Bo and Cai joined', 'Bo left'])
  await cai.expectLines(['Bo left'])
  await ana.say('Bring a lamp')
  const order = await ana.log.locator('.timeline__line, .message__bubble').allInnerTexts()
  expect(order.map((text) => text.replace(/[\u2068\u2069]/g, ''))).toEqual([
    'Bo and Cai joined', 'Low tide at six', 'Bo left', 'Bring a lamp',
  ])

  // In and out again within one line is not worth a word, and what is past is no history.
  await bo.join(room)
  await ana.expectLines(['Bo and Cai joined', 'Bo left', 'Bo joined'])
  // Who came is told before who types.
  await cai.box.pressSequentially('Hm')
  await bo.expectTyping('Cai is typing')
  await bo.expectLines([])
  await bo.leave()
  await ana.expectLines(['Bo and Cai joined', 'Bo left'])
  await ana.page.reload()
  await ana.expectStatus('live')
  await cai.box.pressSequentially('Hm')
  await ana.expectTyping('Cai is typing')
  await ana.expectLines([])
})

test('a reload and a second tab are no line', async ({ person }) => {
  const [ana, bo, cai] = [await person('Ana'), await person('Bo'), await person('Cai')]
  const room = await ana.create()
  await bo.join(room)
  await ana.expectLines(['Bo joined'])
  await ana.say('Low tide at six')
  const second = await bo.page.context().newPage()
  await second.goto(bo.page.url())
  await second.close()
  await bo.page.reload()
  await bo.expectRoom()
  // Whatever there was to say of Bo is said before the next one comes.
  await cai.join(room)
  await ana.expectLines(['Bo joined', 'Cai joined'])
  await ana.expectHere(3)
})

test('away is who has not looked for five minutes, until they do', async ({ person, quiet }) => {
  // The jump of the clock is a sleep: the line counts as cut.
  quiet.allow(CUT)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await ana.create()
  await bo.page.clock.install()
  await bo.join(room)
  await ana.openPeople()
  await ana.expectHere(2)
  const away = ana.page.locator('#people li[data-away]')
  await expect(away).toHaveCount(0)

  const show = (state: 'hidden' | 'visible') =>
    bo.page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }, state)
  await show('hidden')
  await bo.page.clock.fastForward('05:01')
  await expect(away.locator('.people__name')).toHaveText('Bo', { timeout: 15_000 })
  await expect(away.locator('.avatar')).toHaveAttribute('data-presence', 'away')
  await expect(ana.page.getByRole('heading', { name: 'Away · 1' })).toBeVisible()
  await ana.expectHere(1)
  await ana.expectLines(['Bo joined'])

  await show('visible')
  await expect(away).toHaveCount(0)
  await ana.expectHere(2)
})

test('on a phone the people are a sheet', async ({ person }) => {
  const ana = await person('Ana', { viewport: { width: 390, height: 844 }, hasTouch: true })
  const [bo, cai] = [await person('Bo'), await person('Cai')]
  const room = await ana.create()
  await bo.join(room)
  await cai.join(room)
  await expect(ana.page.locator('#people')).toBeHidden()
  await ana.openPeople()
  await ana.expectPeople(['Ana', 'Bo', 'Cai'])
  await expect(ana.page.getByRole('heading', { name: 'Here now · 3' })).toBeVisible()
  await bo.leave()
  await ana.expectPeople(['Ana', 'Cai'])
  await ana.button('Close people').tap()
  await expect(ana.page.locator('#people')).toBeHidden()
})

test('of many people a page is shown, and more when asked for', async ({ person, server }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  const guests = await Guest.crowd(server.url, room, 119)
  await ana.page.reload()
  await ana.expectStatus('live')
  await ana.openPeople()
  await ana.expectHere(120)
  await expect(ana.people).toHaveCount(50)
  await expect(ana.page.getByText('and 70 more')).toBeVisible()
  for (const shown of [100, 120]) {
    await ana.button('Show more').click()
    await expect(ana.people).toHaveCount(shown)
  }
  await expect(ana.button('Show more')).toHaveCount(0)
  const names = ['Ana', ...guests.map((guest) => guest.name)]
  expect(await ana.people.allTextContents()).toEqual(names)

  // All of them are listed, and so is who comes now.
  const last = await Guest.join(server.url, room, 'Last')
  await expect(ana.people).toHaveText([...names, 'Last'])
  for (const guest of [...guests, last]) guest.close()
})

test('a crowd is counted, and an open panel keeps up with it', async ({ person, server }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  const guests = await Guest.crowd(server.url, room, 205)
  await ana.expectHere(206)
  await ana.page.reload()
  await ana.expectStatus('live')
  await ana.openPeople()
  await expect(ana.people).toHaveCount(50)
  guests[2]?.close()
  await ana.expectHere(205)
  await expect(ana.people.filter({ hasText: /^Guest 3$/ })).toHaveCount(0, { timeout: 20_000 })
  await expect(ana.people).toHaveCount(50)
  await ana.expectLines([])
  for (const guest of guests) guest.close()
})

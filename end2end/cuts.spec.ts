// Lines that break, in every way that lines do. Whatever was said arrives on both sides, once, in
// the same order.

import { drafts, expectKept } from './support/kept'
import { Person } from './support/person'
import type { Proxy } from './support/proxy'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

test.beforeEach(({ quiet }) => {
  test.slow()
  quiet.allow(CUT)
})

type MakePerson = (name: string, options?: { base?: string }) => Promise<Person>

/** Ana behind a line that can be cut, Bo beside the server. */
const twoPeople = async (person: MakePerson, line: Proxy) => {
  const ana = await person('Ana', { base: line.url })
  const bo = await person('Bo')
  const room = await ana.create()
  await bo.join(room)
  await ana.say('before')
  await bo.expectSaid(['before'])
  return { ana, bo, room }
}

/** All of `said` has arrived: both see it and the server has it, in one order and nothing twice. */
const expectBoth = async (ana: Person, bo: Person, room: string, said: string[]) => {
  for (const one of [ana, bo]) {
    await expect(one.rows).toHaveCount(said.length, { timeout: 20_000 })
    await expect(one.unsent).toHaveCount(0, { timeout: 20_000 })
  }
  const answer = await bo.page.request.get(`${bo.base}${room}?data`)
  const { view } = (await answer.json()) as { view: { room: { page: { messages: Message[] } } } }
  const messages = view.room.page.messages
  expect(messages.map((message) => message.seq)).toEqual(said.map((_, at) => at + 1))
  const texts = messages.map((message) => message.content.text)
  expect([...texts].sort()).toEqual([...said].sort())
  for (const one of [ana, bo]) await one.expectSaid(texts)
  return texts
}

type Message = { id: string; seq: number; content: { text: string } }

test('a reset line', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.cut()
  await ana.expectStatus('reconnecting', 'offline')
  await bo.sayAll(['bo one', 'bo two'])
  await ana.sayAll(['ana one', 'ana two', 'ana three'])
  await ana.expectWaiting('ana three')
  await expect(ana.row('bo one')).toHaveCount(0)
  await expect(bo.unsent).toHaveCount(0)
  line.pass()
  await ana.expectStatus('live')
  const said = ['before', 'bo one', 'bo two', 'ana one', 'ana two', 'ana three']
  expect(await expectBoth(ana, bo, room, said)).toEqual(said)
})

test('a frozen line that nobody closes', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.set('freeze')
  await bo.say('bo one')
  await ana.say('ana one')
  await ana.expectStatus('reconnecting', 'offline')
  await ana.expectWaiting('ana one')
  await ana.say('ana two')
  await expect(bo.unsent).toHaveCount(0)
  line.pass()
  await ana.expectStatus('live')
  const said = ['before', 'bo one', 'ana one', 'ana two']
  expect(await expectBoth(ana, bo, room, said)).toEqual(said)
})

test('a machine that slept: the first look at the page finds the line dead', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.set('freeze')
  await bo.sayAll(['one', 'two', 'three'])
  await ana.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await ana.expectStatus('reconnecting', 'offline')
  line.pass()
  await ana.expectStatus('live')
  const said = ['before', 'one', 'two', 'three']
  expect(await expectBoth(ana, bo, room, said)).toEqual(said)
})

test('a post whose answer is lost is there once', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.set('swallow')
  await ana.say('only once')
  await bo.expectSaid(['before', 'only once'])
  await ana.expectWaiting('only once')
  line.cut()
  await ana.say('and this after it')
  await bo.say('meanwhile')
  await expect(bo.unsent).toHaveCount(0)
  line.pass()
  await ana.expectStatus('live')
  const said = ['before', 'only once', 'meanwhile', 'and this after it']
  expect(await expectBoth(ana, bo, room, said)).toEqual(said)
})

test('a server that dies and comes back', async ({ person, server, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  await server.kill()
  await ana.say('ana one')
  await bo.say('bo one')
  await ana.expectStatus('reconnecting', 'offline')
  await bo.expectStatus('reconnecting', 'offline')
  await ana.say('ana two')
  await server.start()
  for (const one of [ana, bo]) await one.expectStatus('live')
  const texts = await expectBoth(ana, bo, room, ['before', 'ana one', 'ana two', 'bo one'])
  expect(texts.filter((text) => text.startsWith('ana'))).toEqual(['ana one', 'ana two'])
})

test('a restart leaves no gap and no word', async ({ person, server, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  expect(await server.stop()).toBe(0)
  await server.start()
  await ana.say('after')
  await ana.expectStatus('live')
  await bo.expectStatus('live')
  expect(await expectBoth(ana, bo, room, ['before', 'after'])).toEqual(['before', 'after'])
})

test('what was not sent survives a reload', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.cut('live')
  await ana.sayAll(['one', 'two'])
  await expectKept(ana.page, 2)
  await ana.page.reload()
  await ana.expectWaiting('one')
  await ana.expectWaiting('two')
  await bo.say('bo')
  await expect(bo.unsent).toHaveCount(0)
  line.pass()
  await ana.expectStatus('live')
  const said = ['before', 'bo', 'one', 'two']
  expect(await expectBoth(ana, bo, room, said)).toEqual(said)
})

test('what a closed tab had not sent, another tab sends once', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.cut('live')
  await ana.sayAll(['one', 'two'])
  await expectKept(ana.page, 2)
  const context = ana.page.context()
  await ana.page.close()

  const tabs = [await context.newPage(), await context.newPage()]
  for (const tab of tabs) await tab.goto(line.url + room)
  line.pass()
  const said = ['before', 'one', 'two']
  await bo.expectSaid(said)
  for (const tab of tabs) {
    const again = new Person('Ana', tab, line.url)
    await again.expectStatus('live')
    expect(await expectBoth(again, bo, room, said)).toEqual(said)
  }
})

test('of two tabs with unsent messages one is closed: all of them arrive, once', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  const second = await ana.page.context().newPage()
  const tab = new Person('Ana', second, line.url)
  await tab.open(room)
  await tab.expectRoom()
  line.cut('live')
  await ana.sayAll(['first tab, one', 'first tab, two'])
  await tab.sayAll(['second tab, one', 'second tab, two'])
  await expectKept(ana.page, 4)
  await ana.page.close()
  line.pass()
  await tab.expectStatus('live')
  const said = ['before', 'first tab, one', 'first tab, two', 'second tab, one', 'second tab, two']
  const texts = await expectBoth(tab, bo, room, said)
  for (const of of ['first', 'second']) {
    expect(texts.filter((text) => text.startsWith(of))).toEqual([`${of} tab, one`, `${of} tab, two`])
  }
})

test('a day offline and closed loses nothing', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  line.cut('live')
  await ana.sayAll(['one', 'two'])
  await ana.box.fill('a half-written three')
  await expectKept(ana.page, 2)
  await expect.poll(() => drafts(ana.page)).toEqual(['a half-written three'])
  const context = ana.page.context()
  await ana.page.close()
  await context.clock.install({ time: Date.now() + 24 * 3600_000 })
  const next = new Person('Ana', await context.newPage(), line.url)
  await bo.say('meanwhile')
  await expect(bo.unsent).toHaveCount(0)
  line.pass()
  await next.open(room)
  await next.expectStatus('live')
  await expect(next.box).toHaveValue('a half-written three')
  const said = ['before', 'meanwhile', 'one', 'two']
  expect(await expectBoth(next, bo, room, said)).toEqual(said)
})

test('two tabs are one person, who is not seen leaving while one is open', async ({ person, line }) => {
  const { ana, bo, room } = await twoPeople(person, line)
  const cai = await person('Cai')
  await cai.join(room)
  const second = await ana.page.context().newPage()
  await second.goto(ana.page.url())
  await expect(second.locator('header .connection')).toHaveAttribute('data-status', 'live')
  await bo.openPeople()
  await bo.expectPeople(['Bo', 'Ana', 'Cai'])
  await ana.page.close()
  await bo.say('still here?')
  await expect(second.getByRole('log').getByText('still here?')).toBeVisible()
  // Who closes a page is gone after a while: by the time that Cai is, Ana would be.
  await cai.page.close()
  await bo.expectPeople(['Bo', 'Ana'])
  await second.close()
  await bo.expectPeople(['Bo'])
})

// What comes while nobody looks: marks on the page, the browser's notifications, a knock.

import { type Page } from '@playwright/test'
import { expectAccessible } from './support/axe'
import { sends } from './support/forms'
import { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

test.beforeEach(() => test.slow())

type Told = { title: string; body?: string; tag?: string; closed: boolean; click: () => void }
type Spied = { told: Told[]; focused: number; badge: number; beats: number }

/** Puts the page behind something else: hidden, or shown in a window that is not the one in use. */
const put = (page: Page, where: 'in front' | 'hidden' | 'beside') =>
  page.evaluate((where) => {
    const state = where === 'hidden' ? 'hidden' : 'visible'
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    document.hasFocus = () => where === 'in front'
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    window.dispatchEvent(new Event(where === 'in front' ? 'focus' : 'blur'))
  }, where)

/** Writes down what the browser would show and sound. Until it is put elsewhere, the page is in front. */
const spy = (page: Page, permission: NotificationPermission = 'granted', answer = permission) =>
  page.addInitScript(
    ([permission, answer]) => {
      const spied: Spied = { told: [], focused: 0, badge: 0, beats: 0 }
      class Spy {
        static permission = permission
        static asked = 0
        static requestPermission = async () => ((Spy.asked += 1), (Spy.permission = answer as NotificationPermission))
        onclick: (() => void) | null = null
        private readonly told: Told
        constructor(title: string, options: NotificationOptions = {}) {
          this.told = { title, body: options.body, tag: options.tag, closed: false, click: () => this.onclick?.() }
          if (Spy.permission === 'granted') spied.told.push(this.told)
        }
        close() {
          this.told.closed = true
        }
      }
      const { start } = OscillatorNode.prototype
      OscillatorNode.prototype.start = function (this: OscillatorNode, when) {
        spied.beats += 1
        start.call(this, when)
      }
      document.hasFocus = () => true
      Object.assign(window, { spied, Notification: Spy, focus: () => (spied.focused += 1) })
      Object.assign(navigator, { setAppBadge: async (count: number) => (spied.badge = count) })
    },
    [permission, answer] as const,
  )

const spied = <T>(page: Page, of: (spied: Spied) => T) =>
  page.evaluate(`(${of})(window.spied)`) as Promise<T>

const told = (page: Page) =>
  spied(page, ({ told }) => told.map(({ title, body, closed }) => ({ title, body, closed }))).then((all) =>
    all.map((one) => ({ ...one, body: one.body?.replace(/[\u2068\u2069]/g, '') })),
  )

const icon = (page: Page) => page.locator('link[rel=icon]').getAttribute('href')

const bell = (person: Person) => person.page.getByRole('switch', { name: 'Notifications' })

/** Ana is in a room in which Bo talks. */
const two = async (person: (name: string) => Promise<Person>) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await spy(ana.page)
  const room = await ana.create()
  await bo.join(room)
  return { ana, bo, room }
}

const ring = async (ana: Person) => {
  await ana.button('Room menu').click()
  await bell(ana).check()
  await ana.page.keyboard.press('Escape')
}

for (const where of ['hidden', 'beside'] as const) {
  test(`title, icon and badge count what is new while the page is ${where}, until it is looked at`, async ({ person }) => {
    const { ana, bo } = await two(person)
    const title = await ana.page.title()
    await bo.say('seen')
    await ana.expectSaid(['seen'])
    await put(ana.page, where)
    await bo.sayAll(['one', 'two'])
    await expect.poll(() => ana.page.title()).toBe(`(2) ${title}`)
    await bo.say('three')
    await expect.poll(() => ana.page.title()).toBe(`(3) ${title}`)
    expect(await icon(ana.page)).toBe('/icon-new.svg')
    expect(await spied(ana.page, ({ badge }) => badge)).toBe(3)
    expect((await ana.page.request.get(`${ana.base}/icon-new.svg`)).ok()).toBe(true)
    await put(ana.page, 'in front')
    await expect.poll(() => ana.page.title()).toBe(title)
    expect(await icon(ana.page)).toBe('/icon.svg')
    expect(await spied(ana.page, ({ badge }) => badge)).toBe(0)
    // What was not looked at was not read, and is now.
    await bo.say('four')
    await ana.expectSaid(['seen', 'one', 'two', 'three', 'four'])
    await put(ana.page, where)
    await bo.say('five')
    await expect.poll(() => ana.page.title()).toBe(`(1) ${title}`)
  })
}

test('a page opened behind another counts what is unread, and not one’s own words', async ({ person }) => {
  const { ana, bo, room } = await two(person)
  await ana.open()
  await bo.sayAll(['one', 'two'])
  await ana.page.addInitScript(() => (document.hasFocus = () => false))
  await ana.open(room)
  await ana.expectRoom()
  await expect.poll(() => ana.page.title()).toMatch(/^\(2\) /)
  await ana.say('mine')
  await ana.expectSaid(['one', 'two', 'mine'])
  await bo.say('three')
  await expect.poll(() => ana.page.title()).toMatch(/^\(3\) /)
})

test('what is read in one tab is new in no other', async ({ person }) => {
  const { ana, bo, room } = await two(person)
  const second = new Person('Ana', await ana.page.context().newPage(), ana.base)
  await second.open(room)
  await second.expectRoom()
  const title = await ana.page.title()
  await put(ana.page, 'hidden')
  await put(second.page, 'hidden')
  await bo.sayAll(['one', 'two'])
  for (const { page } of [ana, second]) await expect.poll(() => page.title()).toBe(`(2) ${title}`)
  // From here on time passes in both as it is told to, and not by how fast the machine is.
  let now = Date.now()
  const passes = (ms: number) => ana.page.clock.setFixedTime((now += ms))
  await passes(0)
  await put(second.page, 'in front')
  for (const { page } of [second, ana]) await expect.poll(() => page.title()).toBe(title)

  // While one is looked at, the other keeps quiet.
  await ana.page.evaluate(() => {
    const titles: string[] = []
    Object.assign(window, { titles })
    const note = () => titles.push(document.title)
    new MutationObserver(note).observe(document.querySelector('title') as Element, { childList: true })
  })
  for (const text of ['three', 'four', 'five']) {
    await bo.say(text)
    await expect(second.row(text)).toBeVisible()
    await expect(ana.row(text)).toBeVisible()
    // What nobody looks at is new by then; who reads on elsewhere says so every three seconds.
    await passes(1_200)
  }
  await put(second.page, 'hidden')
  const read = async () => (await (await ana.page.request.get(`${ana.base}${room}?data`)).json()).view.room.read
  await expect.poll(read).toBe(5)
  await bo.say('six')
  await expect(ana.row('six')).toBeVisible()
  await passes(10_000)
  await expect.poll(() => ana.page.title()).toBe(`(1) ${title}`)
  expect(await ana.page.evaluate('titles')).toEqual([`(1) ${title}`])
})

test('the browser notifies of a room whose bell is on, one at a time, until it is looked at', async ({ person }) => {
  const { ana, bo } = await two(person)
  await ring(ana)
  await bo.say('looked at')
  await ana.expectSaid(['looked at'])
  await put(ana.page, 'hidden')
  await bo.box.fill('**Low** tide at `six`')
  await bo.send.click()
  const title = await ana.page.getByRole('heading', { level: 1 }).innerText()
  const first = { title, body: 'Bo: Low tide at six', closed: false }
  await expect.poll(() => told(ana.page)).toEqual([first])
  await bo.say('bring a lamp')
  await expect.poll(() => told(ana.page)).toEqual([first, { ...first, body: 'Bo: bring a lamp' }])
  const tags = await spied(ana.page, ({ told }) => told.map(({ tag }) => tag))
  expect(new Set(tags).size).toBe(1)
  await spied(ana.page, ({ told }) => told.at(-1)?.click())
  expect(await spied(ana.page, ({ focused }) => focused)).toBe(1)
  await put(ana.page, 'in front')
  await expect.poll(() => spied(ana.page, ({ told }) => told.at(-1)?.closed)).toBe(true)
  await ana.say('mine')
  await bo.say('seen again')
  await ana.expectSaid(['looked at', 'Low tide at six', 'bring a lamp', 'mine', 'seen again'])
  await put(ana.page, 'hidden')
  await bo.say('and on')
  await expect.poll(async () => (await told(ana.page)).slice(2)).toEqual([{ ...first, body: 'Bo: and on' }])
  expect(await ana.page.title()).toMatch(/^\(1\) /)

  // It is this room's, for ever, until it is pressed again.
  await ana.page.reload()
  await ana.expectRoom()
  await ana.button('Room menu').click()
  await expect(bell(ana)).toBeChecked()
  await bell(ana).uncheck()
  await ana.page.reload()
  await ana.expectRoom()
  await put(ana.page, 'hidden')
  await bo.say('nobody is told')
  await expect.poll(() => ana.page.title()).toMatch(/^\(1\) /)
  expect(await told(ana.page)).toEqual([])
})

test('the bell asks only when it is pressed, says what is blocked, and is silent until then', async ({ person }) => {
  const ana = await person('Ana')
  await spy(ana.page, 'default', 'denied')
  const asked = (of: Person) => of.page.evaluate('Notification.asked')
  const room = await ana.create()
  const blocked = ana.page.getByText('The browser blocks notifications')
  await ana.button('Room menu').click()
  await expect(bell(ana)).not.toBeChecked()
  expect(await asked(ana)).toBe(0)
  await bell(ana).focus()
  await ana.page.keyboard.press('Space')
  await expect(blocked).toBeVisible()
  await expect(bell(ana)).not.toBeChecked()
  expect(await asked(ana)).toBe(1)
  await expectAccessible(ana.page)
  const bo = await person('Bo')
  await spy(bo.page, 'default', 'granted')
  await bo.join(room)
  await bo.button('Room menu').click()
  await bell(bo).check()
  await expect(bell(bo)).toBeChecked()
  await expect(bo.button('Show QR code')).toBeVisible()
  expect(await asked(bo)).toBe(1)
})

test('where there are none, or only a worker’s, there is no bell', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await ana.page.addInitScript(() => Reflect.deleteProperty(window, 'Notification'))
  await bo.page.addInitScript(() => {
    // As Chromium has it on Android.
    class Illegal {
      static permission = 'default'
      constructor() {
        throw new TypeError('Illegal constructor')
      }
    }
    Object.assign(window, { Notification: Illegal })
  })
  const room = await ana.create()
  await bo.join(room)
  for (const one of [ana, bo]) {
    await one.button('Room menu').click()
    await expect(one.button('Show QR code')).toBeVisible()
    await expect(bell(one)).toBeHidden()
    await one.open('/settings')
    await expect(one.page.getByRole('switch', { name: 'Sound' })).toBeVisible()
    // It is the script that shows it, and then says that its page lives.
    await expect.poll(() => one.page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith('parley.tab.')))).toBe(true)
    await expect(one.page.getByRole('switch', { name: 'Of every room' })).toBeHidden()
  }
})

test('of every room by the settings, but for the one whose bell is off', async ({ person }) => {
  const { ana, bo, room } = await two(person)
  await ana.open('/settings')
  await ana.page.getByRole('switch', { name: 'Of every room' }).check()
  await sends(ana.button('Save'))
  await expect(ana.page.getByRole('switch', { name: 'Of every room' })).toBeChecked()
  await ana.open(room)
  await ana.expectRoom()
  await put(ana.page, 'beside')
  await bo.say('heard')
  await expect.poll(() => told(ana.page)).toHaveLength(1)
  await put(ana.page, 'in front')
  await ana.button('Room menu').click()
  await expect(bell(ana)).toBeChecked()
  await bell(ana).uncheck()
  await ana.page.reload()
  await ana.expectRoom()
  await put(ana.page, 'beside')
  await bo.say('not told')
  await expect.poll(() => ana.page.title()).toMatch(/^\(1\) /)
  expect(await told(ana.page)).toEqual([])
})

test('of a room that one turns to, nothing is missed, and its bell is its own', async ({ person, isMobile }) => {
  test.skip(isMobile, 'my rooms stand beside the talk where there is room')
  const { ana, bo, room } = await two(person)
  const other = await ana.create()
  const turn = async (to: string) => {
    await ana.page.locator(`#rooms a[href="${to}"]`).click()
    await expect(ana.page).toHaveURL(ana.base + to)
    await ana.expectRoom()
  }
  await turn(room)
  await ring(ana)
  await turn(other)
  await ana.button('Room menu').click()
  await expect(bell(ana)).not.toBeChecked()
  await ana.page.keyboard.press('Escape')
  await turn(room)
  await ana.button('Room menu').click()
  await expect(bell(ana)).toBeChecked()
  await ana.page.keyboard.press('Escape')
  await put(ana.page, 'beside')
  await bo.say('one')
  await expect.poll(() => told(ana.page)).toMatchObject([{ body: 'Bo: one', closed: false }])
  await expect.poll(() => ana.page.title()).toMatch(/^\(1\) /)
  await turn(other)
  expect(await told(ana.page)).toMatchObject([{ body: 'Bo: one', closed: true }])
  expect(await ana.page.title()).not.toMatch(/^\(/)
  expect(await icon(ana.page)).toBe('/icon.svg')
  expect(await spied(ana.page, ({ badge }) => badge)).toBe(0)
})

test('a bell that cannot be kept holds as long as the page', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  await spy(ana.page)
  await ana.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('refused', 'SecurityError')
      },
    })
  })
  await bo.join(await ana.create())
  await ring(ana)
  await put(ana.page, 'hidden')
  await bo.say('heard')
  await expect.poll(() => told(ana.page)).toHaveLength(1)
})

test('what came while the line was cut is one notification', async ({ person, line, quiet }) => {
  quiet.allow(CUT)
  const [ana, bo] = [await person('Ana', { base: line.url }), await person('Bo')]
  await spy(ana.page)
  await bo.join(await ana.create())
  await ring(ana)
  await put(ana.page, 'hidden')
  line.cut()
  await ana.expectStatus('reconnecting', 'offline')
  await bo.sayAll(['one', 'two', 'three'])
  line.pass()
  await ana.expectStatus('live')
  await expect.poll(async () => (await told(ana.page)).map(({ body }) => body)).toEqual(['Bo: three'])
  expect(await ana.page.title()).toMatch(/^\(3\) /)
})

test('a knock, for who wants it and does not look', async ({ person, browserName }) => {
  test.skip(browserName === 'firefox', 'without a sound card it plays nothing')
  const { ana, bo, room } = await two(person)
  const beats = () => spied(ana.page, ({ beats }) => beats)
  const missed = async (text: string) => {
    await put(ana.page, 'hidden')
    await bo.say(text)
    await expect.poll(() => ana.page.title()).toMatch(/^\(1\) /)
  }
  await ana.button('Room menu').click()
  await missed('silent')
  // A knock is heard once its machine is awake, and one that is asked for later is awake later.
  await ana.page.evaluate(() => new AudioContext().resume())
  expect(await beats()).toBe(0)
  await ana.open('/settings')
  const sound = ana.page.getByRole('switch', { name: 'Sound' })
  await expect(sound).not.toBeChecked()
  await sound.check()
  await sends(ana.button('Save'))
  await expect(sound).toBeChecked()
  await ana.open(room)
  await ana.expectRoom()
  // Nothing was done in it yet.
  await missed('blocked')
  expect(await beats()).toBe(0)
  await ana.box.click()
  await put(ana.page, 'in front')
  await missed('heard')
  await expect.poll(beats).toBe(2)
  await put(ana.page, 'in front')
  await bo.say('looked at')
  await expect(ana.row('looked at')).toBeVisible()
  await missed('and on')
  await expect.poll(beats).toBe(4)
  expect(await ana.page.title()).toMatch(/^\(1\) /)
})

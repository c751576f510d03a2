// Several rooms at once: what is new in the others, beside the one that is open and in the lobby.

import { flood } from './support/flood'
import { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

/** A room in the list of mine, beside the talk or in the lobby. */
const listed = (who: Person, room: string) => who.page.locator(`#rooms a[href="${room}"]`)

/** Exactly so many are unread there. */
const expectUnread = async (who: Person, room: string, count: number) => {
  const badge = listed(who, room).locator('.badge')
  await expect(listed(who, room)).toBeVisible()
  if (count) await expect(badge).toHaveText(new RegExp(`^${count}\\D`))
  else await expect(badge).toHaveCount(0)
}

/** The same person in one more tab. */
const elsewhere = async (who: Person) => new Person(who.name, await who.page.context().newPage(), who.base)

test('what is new in my other rooms is counted beside the talk and in the lobby, within a second', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const tea = await ana.create()
  const sea = await bo.create()
  await bo.join(tea)
  await bo.open(sea)
  await bo.expectRoom()
  const lobby = await elsewhere(bo)
  await lobby.open()
  for (const tab of [bo, lobby]) await expectUnread(tab, tea, 0)
  await ana.say('one')
  await ana.expectSaid(['one'])
  const said = Date.now()
  for (const tab of [bo, lobby]) await expectUnread(tab, tea, 1)
  test.info().annotations.push({ type: 'ms until counted', description: String(Date.now() - said) })
  await ana.sayAll(['two', 'three'])
  for (const tab of [bo, lobby]) {
    await expectUnread(tab, tea, 3)
    await expect(listed(tab, tea)).toHaveAccessibleName(/, 3 unread$/)
    // What is open is being read.
    await expectUnread(tab, sea, 0)
  }

  // Read in one tab, it is new in none.
  const phone = await elsewhere(bo)
  await phone.open(tea)
  await phone.expectSaid(['one', 'two', 'three'])
  for (const tab of [bo, lobby]) await expectUnread(tab, tea, 0)
})

test('a room that I come into or leave elsewhere comes and goes in the list, and the focus stays', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const tea = await ana.create()
  const sea = await bo.create()
  const lobby = await elsewhere(bo)
  await lobby.open()
  await listed(lobby, sea).focus()
  await expect(listed(lobby, tea)).toHaveCount(0)
  const other = await elsewhere(bo)
  await other.join(tea)
  for (const tab of [bo, lobby]) await expectUnread(tab, tea, 0)
  await other.open('/settings')
  await ana.say('Low tide at six')
  for (const tab of [bo, lobby]) await expectUnread(tab, tea, 1)
  await expect(listed(lobby, sea)).toBeFocused()
  await other.open(tea)
  await other.expectRoom()
  await other.leave()
  for (const tab of [bo, lobby]) await expect(listed(tab, tea)).toHaveCount(0)
  await expect(listed(lobby, sea)).toBeFocused()
})

test('what was said while the line was cut is counted when it is back', async ({ person, line, quiet }) => {
  quiet.allow(CUT)
  const ana = await person('Ana')
  const bo = await person('Bo', { base: line.url })
  const tea = await ana.create()
  await bo.create()
  const sea = new URL(bo.page.url()).pathname
  await bo.join(tea)
  await bo.open(sea)
  await bo.expectStatus('live')
  line.cut()
  await ana.sayAll(['one', 'two'])
  await ana.expectSaid(['one', 'two'])
  line.pass()
  await expectUnread(bo, tea, 2)
})

/** Counts the sockets that they open and the pages that they ask for, from now on. A page is asked for before
 * anything of it can be seen; it has come at some time after that. */
const count = (who: Person) => {
  const opened = { sockets: 0, pages: 0 }
  who.page.on('websocket', () => opened.sockets++)
  who.page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === who.page.mainFrame()) opened.pages++
  })
  return opened
}

/** Presses the room beside the talk; it is then the one that is shown. */
const turn = async (who: Person, room: string) => {
  await listed(who, room).click()
  await expectShown(who, room)
}

const expectShown = async (who: Person, room: string) => {
  await expect(who.page).toHaveURL(who.base + room)
  await expect(listed(who, room)).toHaveAttribute('aria-current', 'page')
  await expect(who.page.locator('#rooms [aria-current]')).toHaveCount(1)
  await expect(who.page.locator('.room-header__fact.mono')).toHaveText(room.slice('/r/'.length))
  await who.expectRoom()
}

/** Somebody in three rooms of their own, the last of which is shown. */
const inThree = async (who: Person) => {
  const rooms = [await who.create(), await who.create(), await who.create()] as const
  return rooms
}

test('three rooms over one socket: I turn from one to the other and talk in each', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const [tea, sea, oak] = await inThree(bo)
  await ana.join(tea)
  await bo.page.reload()
  await bo.expectRoom()
  const opened = count(bo)
  // Pressed at once: what is on its way when I turn arrives in its room.
  await bo.box.fill('from the oak')
  await bo.box.press('Enter')
  await turn(bo, tea)
  await bo.say('from the tea')
  await ana.expectSaid(['from the tea'])
  await ana.say('heard')
  await bo.expectSaid(['from the tea', 'heard'])
  await turn(bo, sea)
  await bo.expectSaid([])
  await bo.say('from the sea')
  await ana.say('one more')
  await expectUnread(bo, tea, 1)
  await turn(bo, oak)
  await bo.expectSaid(['from the oak'])
  await turn(bo, tea)
  await bo.expectSaid(['from the tea', 'heard', 'one more'])
  await bo.say('and back')
  await ana.expectSaid(['from the tea', 'heard', 'one more', 'and back'])
  for (const room of [tea, sea, oak]) await expectUnread(bo, room, 0)
  expect(opened).toEqual({ sockets: 0, pages: 0 })
})

test('back and forth, the title and a reload go by the room that is shown', async ({ person }) => {
  const bo = await person('Bo')
  const [tea, sea, oak] = await inThree(bo)
  const opened = count(bo)
  await turn(bo, tea)
  await turn(bo, sea)
  for (const [go, room] of [['goBack', tea], ['goBack', oak], ['goForward', tea], ['goForward', sea]] as const) {
    await bo.page[go]()
    await expectShown(bo, room)
    const name = await bo.page.getByRole('heading', { level: 1 }).textContent()
    await expect(bo.page).toHaveTitle(`${name} · Parley`)
  }
  expect(opened).toEqual({ sockets: 0, pages: 0 })
  await bo.page.reload()
  await expectShown(bo, sea)
})

test('what I had begun to write waits in its room', async ({ person }) => {
  const bo = await person('Bo')
  const [tea, sea, oak] = await inThree(bo)
  await bo.box.fill('half a word')
  await turn(bo, tea)
  await expect(bo.box).toHaveValue('')
  await bo.box.fill('half another')
  await turn(bo, oak)
  await expect(bo.box).toHaveValue('half a word')
  await turn(bo, sea)
  await expect(bo.box).toHaveValue('')
  await turn(bo, tea)
  await expect(bo.box).toHaveValue('half another')
})

test('others see me in the room that I look at, and a look aside is not noticed', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const [tea, sea] = await inThree(bo)
  // Else Ana would see them leave first.
  const here = async () => (await (await ana.page.request.get(`${ana.base}${tea}/people`)).json()).total
  await expect.poll(here, { timeout: 15_000 }).toBe(0)
  await ana.join(tea)
  await ana.expectPeople(['Ana'])
  await turn(bo, tea)
  await ana.expectPeople(['Ana', 'Bo'])
  await bo.expectPeople(['Ana', 'Bo'])
  await ana.expectLines(['Bo joined'])
  await ana.say('Hello')
  await bo.expectSaid(['Hello'])
  await turn(bo, sea)
  await turn(bo, tea)
  await bo.box.fill('I')
  await ana.expectTyping('Bo is typing')
  await turn(bo, sea)
  await ana.expectTyping('')
  await bo.expectPeople(['Bo'])
  await ana.expectPeople(['Ana'])
  await ana.expectLines(['Bo joined', 'Bo left'])
})

test('a room that I turn to opens where I left off, and the line stands there', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const [tea, , oak] = await inThree(bo)
  await ana.join(tea)
  await flood(ana, 60)
  await expectUnread(bo, tea, 60)
  await turn(bo, tea)
  const line = bo.log.getByRole('separator', { name: 'New messages' })
  await expect(line).toBeInViewport()
  const jump = bo.page.getByRole('link', { name: /Jump to newest/ })
  await jump.click()
  await expect(bo.log.locator('[data-seq="60"]')).toBeInViewport()
  await turn(bo, oak)
  await expectUnread(bo, tea, 0)
  await turn(bo, tea)
  await expect(line).toHaveCount(0)
  await expect(bo.log.locator('[data-seq="60"]')).toBeInViewport()
  // It follows the log, as after any load.
  await ana.say('the newest')
  await expect(bo.row('the newest')).toBeInViewport()
})

test('by keyboard: Enter on a room leads to its message box, and what hangs from the old room is gone', async ({
  person,
}) => {
  const bo = await person('Bo')
  const [tea, sea] = await inThree(bo)
  await bo.button('Room menu').click()
  await expect(bo.page.locator('#room-menu')).toBeVisible()
  await bo.page.keyboard.press('Escape')
  await listed(bo, tea).focus()
  await bo.page.keyboard.press('Enter')
  await expectShown(bo, tea)
  await expect(bo.box).toBeFocused()
  await bo.page.keyboard.type('typed at once')
  await bo.page.keyboard.press('Enter')
  await bo.expectSaid(['typed at once'])
  // Each control is the shown room's.
  await bo.button('Room menu').click()
  await expect(bo.page.locator('#exports a').first()).toHaveAttribute('href', `${tea}/export/html`)
  await bo.page.keyboard.press('Escape')
  await listed(bo, sea).focus()
  await bo.page.keyboard.press('Enter')
  await expectShown(bo, sea)
  await bo.page.keyboard.type(':smi')
  await expect(bo.page.locator('#suggest')).toBeVisible()
  await bo.page.keyboard.press('Escape')
  await bo.log.focus()
  await bo.page.keyboard.press('/')
  await expect(bo.box).toBeFocused()
  await bo.leave()
  await expect(listed(bo, sea)).toHaveCount(0)
})

test('what cannot be done in place is a page, as ever', async ({ person, line, quiet }) => {
  quiet.allow(CUT, /status of 404/)
  const bo = await person('Bo', { base: line.url })
  const [tea, sea] = await inThree(bo)
  const opened = count(bo)
  const [tab] = await Promise.all([
    bo.page.context().waitForEvent('page'),
    listed(bo, tea).click({ modifiers: ['ControlOrMeta'] }),
  ])
  await expect(tab).toHaveURL(bo.base + tea)
  await tab.close()
  expect(opened).toEqual({ sockets: 0, pages: 0 })
  // The server answers the page's own question with what is no room.
  await bo.page.route(`**${sea}`, async (route) => {
    if (route.request().isNavigationRequest()) return route.fallback()
    return route.fulfill({ status: 404, body: 'gone' })
  })
  await listed(bo, sea).click()
  await expectShown(bo, sea)
  expect(opened.pages).toBe(1)
  // What stays around a room is in the language of before.
  const settings = await elsewhere(bo)
  await settings.open('/settings')
  await settings.page.locator('#language').selectOption('de')
  await settings.button('Save').click()
  await expect(settings.page.locator('html')).toHaveAttribute('lang', 'de')
  await listed(bo, tea).click()
  await expect(bo.page).toHaveURL(bo.base + tea)
  await expect(bo.page.locator('html')).toHaveAttribute('lang', 'de')
  await expect(bo.page.getByRole('navigation', { name: 'Deine Räume' })).toBeVisible()
  expect(opened.pages).toBe(2)
})

test('while the line is cut I turn all the same, and what I say goes when it is back', async ({
  person, line, quiet,
}) => {
  quiet.allow(CUT)
  const ana = await person('Ana')
  const bo = await person('Bo', { base: line.url })
  const [tea] = await inThree(bo)
  await ana.join(tea)
  line.cut('live')
  await bo.expectStatus('reconnecting', 'offline')
  await listed(bo, tea).click()
  await expect(bo.page).toHaveURL(bo.base + tea)
  await expect(bo.page.locator('.room-header__fact.mono')).toHaveText(tea.slice('/r/'.length))
  await ana.say('meanwhile')
  await bo.box.fill('without a line')
  await bo.box.press('Enter')
  await bo.expectWaiting('without a line')
  line.pass()
  for (const one of [ana, bo]) await one.expectSaid(['meanwhile', 'without a line'])
  await bo.expectStatus('live')
  await ana.say('and on')
  await bo.expectSaid(['meanwhile', 'without a line', 'and on'])
})

test('where there is no rail, the lobby leads from room to room', async ({ person }) => {
  const bo = await person('Bo', { viewport: { width: 390, height: 844 }, hasTouch: true })
  const tea = await bo.create()
  const sea = await bo.create()
  await expect(listed(bo, tea)).toBeHidden()
  await bo.open()
  await listed(bo, tea).click()
  await bo.expectRoom()
  await expect(bo.page).toHaveURL(bo.base + tea)
  await bo.page.goBack()
  await listed(bo, sea).click()
  await bo.expectRoom()
  await expect(bo.page).toHaveURL(bo.base + sea)
})

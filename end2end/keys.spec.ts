// By keyboard alone: through the page in the order in which it is read, through the log from message to
// message, and back to where one came from.

import type { Person } from './support/person'
import { flood } from './support/flood'
import { expect, test } from './support/test'

const at = (person: Person, seq: number) => person.log.locator(`[data-seq="${seq}"]`)

/** The accessible name that whoever has the focus is read out with. */
const named = (person: Person, name: RegExp) => person.log.getByRole('article', { name })

test('one stop for the log, and all stops in the order of reading', async ({ person, browserName }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  await bo.join(await ana.create())
  await ana.sayAll(['one', 'two', 'three'])
  await bo.expectSaid(['one', 'two', 'three'])
  await ana.page.reload()
  await ana.expectRoom()
  const stops: string[] = []
  const stop = () =>
    ana.page.evaluate(() => {
      const where = document.activeElement
      const parts = ['.visually-hidden', '.rail', 'header.room-header', '[role=log]', '.jump', '.composer', '#people']
      return parts.find((part) => where?.closest(part)) ?? where?.tagName ?? ''
    })
  // As many as there can be, and then some.
  for (let n = 0; n < 60 && stops.at(-1) !== '#people'; n++) {
    await ana.page.keyboard.press('Tab')
    const next = await stop()
    // Firefox stops at what scrolls, too.
    if (browserName === 'firefox' && next === 'BODY') continue
    if (next === '[role=log]' || stops.at(-1) !== next) stops.push(next)
  }
  // The day’s name is a button.
  expect(stops).toEqual(['.visually-hidden', '.rail', 'header.room-header', '[role=log]', '[role=log]', '.composer', '#people'])
})

test('arrows walk from message to message, and each is read with its author and its time', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  await bo.join(await ana.create())
  await ana.sayAll(['one', 'two'])
  await bo.expectSaid(['one', 'two'])
  await bo.box.fill('three **times**')
  await bo.box.press('Enter')
  await ana.expectSaid(['one', 'two', 'three times'])
  const press = (key: string) => ana.page.keyboard.press(key)
  // Firefox gives the focus in one window only.
  await ana.page.bringToFront()
  await ana.log.focus()
  for (const [key, seq] of [
    ['ArrowUp', 3], ['ArrowUp', 2], ['ArrowUp', 1], ['ArrowUp', 1], ['ArrowDown', 2],
    ['End', 3], ['ArrowDown', 3], ['Home', 1],
  ] as const) {
    await press(key)
    await expect(at(ana, seq), key).toBeFocused()
  }
  await expect(named(ana, /^You \d\d:\d\d one$/)).toBeFocused()
  await press('End')
  await expect(named(ana, /^Bo [a-z-]+ \d\d:\d\d three times$/)).toBeFocused()
  // With a modifier a key is somebody else's.
  await press('Control+ArrowUp')
  await expect(at(ana, 3)).toBeFocused()
  await expect(at(ana, 3).locator('.message__bubble')).toHaveCSS('outline-style', 'solid')
  await press('Enter')
  await expect(ana.page).toHaveURL(/\?at=3/)
  await expect(at(ana, 3)).toHaveAttribute('data-found')
  await press('Escape')
  await expect(ana.box).toBeFocused()
})

test('walking up loads what is older, and the message keeps the focus', async ({ person }) => {
  test.slow()
  const bo = await person('Bo')
  const ana = await person('Ana')
  const room = await bo.create()
  await flood(bo, 250)
  await ana.open(room)
  await ana.expectRoom()
  await expect(at(ana, 250)).toBeInViewport()
  await ana.page.bringToFront()
  const first = async () => Number(await ana.rows.first().getAttribute('data-seq'))
  await ana.log.focus()
  await ana.page.keyboard.press('Home')
  const began = Number(await ana.log.locator(':focus').getAttribute('data-seq'))
  await expect.poll(first).toBeLessThan(began)
  await expect(at(ana, began)).toBeFocused()
  const walk = async (key: string, seq: number) => {
    await ana.page.keyboard.press(key)
    await expect(at(ana, seq)).toBeFocused()
    await expect(at(ana, seq)).toBeInViewport({ ratio: 1 })
  }
  for (let seq = began - 1; seq >= began - 20; seq--) await walk('ArrowUp', seq)
  for (let seq = began - 19; seq <= began; seq++) await walk('ArrowDown', seq)
  await ana.page.keyboard.press('End')
  await expect(at(ana, 250)).toBeFocused()
})

test('a message that is higher than the log is read to its end before the next', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const long = Array.from({ length: 45 }, (_, line) => `line ${line}`).join('\n')
  for (const text of ['before', long, 'after']) await flood(ana, 1, () => text)
  await expect(at(ana, 3)).toBeInViewport()
  await ana.log.focus()
  await ana.page.keyboard.press('Home')
  await ana.page.keyboard.press('ArrowDown')
  await expect(at(ana, 2)).toBeFocused()
  const top = () => at(ana, 2).evaluate((row) => row.getBoundingClientRect().top)
  const before = await top()
  await ana.page.keyboard.press('ArrowDown')
  await expect.poll(top).toBeLessThan(before)
  await expect(at(ana, 2)).toBeFocused()
  await expect(async () => {
    await ana.page.keyboard.press('ArrowDown')
    await expect(at(ana, 3)).toBeFocused({ timeout: 100 })
  }).toPass()
})

test('the page keys scroll the log', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await flood(ana, 60)
  await expect(at(ana, 60)).toBeInViewport()
  await ana.log.focus()
  await ana.page.keyboard.press('PageUp')
  await expect(at(ana, 60)).not.toBeInViewport()
  await ana.page.keyboard.press('PageDown')
  await expect(at(ana, 60)).toBeInViewport()
})

// Between the first byte and the moment in which the page is alive: nothing is lost, nothing moves.

import type { Page } from '@playwright/test'
import { flood } from './support/flood'
import { holdBack } from './support/held'
import { expect, test } from './support/test'

/** What brings a page to life. */
const WASM = '**/*.wasm'

/** The next line of the page says who is here: of what is asked for on it, that comes last. */
const whoIsHere = async (page: Page) => {
  const line = await page.waitForEvent('websocket')
  await line.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"presence"'))
}

test('what is typed before the page is alive survives', async ({ person }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  const letGo = await holdBack(ana.page, WASM)
  const slow = new Promise((done) => setTimeout(done, 5_000))
  await ana.page.goto(ana.base + room, { waitUntil: 'commit' })
  await ana.box.pressSequentially('Written early')
  await expect(ana.page.locator('header .connection')).toHaveAttribute('data-status', 'connecting')
  await slow
  letGo()
  await ana.expectStatus('live')
  await expect(ana.box).toHaveValue('Written early')
  await expect(ana.box).toBeFocused()
  await ana.box.pressSequentially(', and on time')
  await ana.send.click()
  await ana.expectSaid(['Written early, and on time'])
})

test('a name that is typed before the page is alive survives', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  const letGo = await holdBack(bo.page, WASM)
  await bo.page.goto(bo.base + room, { waitUntil: 'commit' })
  await bo.yourName.fill('Bo, early')
  letGo()
  await bo.expectStatus('live')
  await expect(bo.yourName).toHaveValue('Bo, early')
  await bo.button('Join').click()
  await expect(bo.page.getByText('You write as \u2068Bo, early\u2069')).toBeVisible()
})

test('a message is sent before the page is alive', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await bo.join(room)
  const letGo = await holdBack(bo.page, WASM)
  await bo.page.goto(bo.base + room, { waitUntil: 'commit' })
  await bo.box.fill('Quicker than the script')
  await bo.send.click()
  await expect(bo.row('Quicker than the script')).toHaveAttribute('data-status', 'sent')
  await ana.expectSaid(['Quicker than the script'])
  letGo()
  await bo.expectRoom()
  await bo.expectSaid(['Quicker than the script'])
})

test('coming alive moves nothing and touches no message', async ({ person }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  await ana.sayAll(['one', 'two', 'three'])
  await ana.expectSaid(['one', 'two', 'three'])
  const letGo = await holdBack(ana.page, WASM)
  await ana.page.goto(ana.base + room, { waitUntil: 'domcontentloaded' })
  await expect(ana.rows).toHaveCount(3)
  await ana.log.evaluate((log) => {
    const seen: string[] = []
    Object.assign(window, { seen, rows: [...log.querySelectorAll('[data-message]')] })
    const isRow = (node: Node) => !!(node instanceof Element ? node : node.parentElement)?.closest('[data-message]')
    // Writing the same once more is no change.
    const same = ({ type, target, attributeName, oldValue }: MutationRecord) =>
      (type === 'attributes' && (target as Element).getAttribute(attributeName ?? '') === oldValue) ||
      (type === 'characterData' && target.nodeValue === oldValue)
    new MutationObserver((changes) => {
      for (const change of changes.filter((change) => !same(change))) {
        const { type, target, attributeName, addedNodes, removedNodes } = change
        const moved = [...addedNodes, ...removedNodes].filter((node) => node instanceof Element)
        if (isRow(target) || moved.length) seen.push(`${type} ${target.nodeName} ${attributeName} ${moved.length}`)
      }
    }).observe(log, {
      subtree: true, childList: true,
      attributes: true, attributeOldValue: true, characterData: true, characterDataOldValue: true,
    })
  })
  const places = () =>
    ana.page.evaluate(() => {
      const all = document.querySelectorAll('[data-message], .message__bubble, .composer *, header, .rail, #people')
      return [...all].map((one) => `${one.className} ${JSON.stringify(one.getBoundingClientRect())}`)
    })
  // Chromium's own measure of shifts counts a box that scrolls another way as moved, seen or not.
  const picture = () => ana.log.screenshot()
  const [before, drawn] = [await places(), await picture()]
  const here = whoIsHere(ana.page)
  letGo()
  await ana.expectStatus('live')
  await here
  expect(await places()).toEqual(before)
  expect((await picture()).equals(drawn)).toBe(true)
  const kept = await ana.log.evaluate((log) => {
    const before = (window as unknown as { rows: Element[] }).rows
    return [...log.querySelectorAll('[data-message]')].every((row, at) => row === before[at])
  })
  expect(kept).toBe(true)
  expect(await ana.page.evaluate('seen')).toEqual([])
})

test('who scrolled before the page was alive stays where they are', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 60)
  // Who only looks has read nothing yet, and so nothing is new to them.
  for (const path of [room, `${room}?before=51`]) {
    const letGo = await holdBack(bo.page, WASM)
    await bo.page.goto(bo.base + path, { waitUntil: 'domcontentloaded' })
    await expect(bo.log).toHaveCSS('overflow-y', 'auto')
    const row = bo.log.locator('[data-seq="20"]')
    await row.evaluate((row) => row.scrollIntoView({ block: 'start' }))
    const top = () => row.evaluate((row) => row.getBoundingClientRect().top)
    const before = await top()
    letGo()
    await bo.expectStatus('live')
    // A scroll is by whole pixels, some of which fall between two of the page's.
    expect(Math.abs((await top()) - before), path).toBeLessThan(2)
    await bo.page.unroute(WASM)
  }
})

test('a new message adds one row and touches no other', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  await bo.join(await ana.create())
  // Of two authors, so that no group changes its shape.
  await ana.say('one')
  await bo.expectSaid(['one'])
  await bo.rows.first().evaluate((row) => {
    const seen = { changes: 0 }
    Object.assign(window, { seen })
    const all = { childList: true, subtree: true, characterData: true, attributes: true }
    new MutationObserver((changes) => (seen.changes += changes.length)).observe(row, all)
  })
  await bo.say('two')
  await bo.expectSaid(['one', 'two'])
  expect(await bo.page.evaluate('seen.changes')).toBe(0)
})

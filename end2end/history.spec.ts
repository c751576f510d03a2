// The log beyond its newest page: older messages by scrolling, places by address and by date.

import type { Locator } from '@playwright/test'
import { flood } from './support/flood'
import { holdBack } from './support/held'
import type { Person } from './support/person'
import { expect, test } from './support/test'

const MOST = 340

/** A message by its place in the log. */
const at = (person: Person, seq: number) => person.log.locator(`[data-seq="${seq}"]`)

/** CSS pixels between the log's upper edge and the row's. */
const place = async (row: Locator) =>
  row.evaluate((row) => row.getBoundingClientRect().top - row.closest('[role=log]')!.getBoundingClientRect().top)

/** Never more rows than that, at any moment from now on. */
const watchRows = (person: Person) =>
  person.page.evaluate((most) => {
    const log = document.querySelector('[role=log]')!
    const count = () => {
      const rows = log.querySelectorAll('[data-message]').length
      if (rows > most) console.error(`${rows} rows`)
    }
    new MutationObserver(count).observe(log, { childList: true, subtree: true })
  }, MOST)

const scrollTo = (person: Person, edge: 'top' | 'end') =>
  person.log.evaluate((log, edge) => (log.scrollTop = edge === 'top' ? 0 : log.scrollHeight), edge)

test('older messages come by scrolling, and what is read stays where it is', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 120, (n) => `${n} said\n${'and more\n'.repeat(n % 4)}`)
  await bo.open(room)
  await bo.expectRoom()
  await expect(bo.rows).toHaveCount(50)
  await expect(at(bo, 120)).toBeInViewport()

  // Each frame's picture tells where the row is: it may never be seen anywhere else.
  const row = at(bo, 75)
  const letGo = await holdBack(bo.page, '**/history*')
  await row.evaluate((row) => row.scrollIntoView())
  const before = await place(row)
  await bo.page.evaluate(() => {
    const row = [...document.querySelectorAll('[data-message]')].find((row) => row.getAttribute('data-seq') === '75')!
    const seen: number[] = []
    const look = () => {
      seen.push(row.getBoundingClientRect().top)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    Object.assign(window, { seen })
  })
  letGo()
  await expect(at(bo, 21)).toHaveCount(1)
  expect(await place(row)).toBeCloseTo(before, 0)
  const moved = await bo.page.evaluate(() => {
    const { seen } = window as unknown as { seen: number[] }
    return Math.max(...seen) - Math.min(...seen)
  })
  expect(moved).toBeLessThanOrEqual(1)

  await scrollTo(bo, 'top')
  await expect(at(bo, 1)).toBeAttached()
  await expect(bo.page.getByRole('link', { name: 'Older messages' })).toHaveCount(0)
})

test('who goes to the very top stays where they are when older messages come', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 120)
  await bo.open(room)
  await bo.expectRoom()
  // A day begins above the first message, and will begin elsewhere.
  const before = await at(bo, 71).evaluate((row) => {
    row.closest('[role=log]')!.scrollTop = 0
    return row.getBoundingClientRect().top
  })
  await expect(at(bo, 21)).toHaveCount(1)
  const after = await at(bo, 71).evaluate((row) => row.getBoundingClientRect().top)
  expect(Math.abs(after - before)).toBeLessThan(2)
})

test('what is selected and what has the focus stay so while rows come and go', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 120)
  await bo.join(room)
  await bo.expectRoom()
  const row = at(bo, 75)
  await row.evaluate((row) => {
    row.scrollIntoView()
    const selection = getSelection()!
    selection.selectAllChildren(row.querySelector('.message__bubble')!)
    row.setAttribute('tabindex', '-1')
    ;(row as HTMLElement).focus({ preventScroll: true })
  })
  const held = () => bo.page.evaluate(() => [String(getSelection()).trim(), document.activeElement?.getAttribute('data-seq')])
  const before = await held()
  expect(before).toEqual([expect.stringMatching(/\d said/), '75'])
  // A page comes before it, and messages after it.
  await expect(at(bo, 21)).toHaveCount(1)
  await ana.sayAll(['one', 'two'])
  await expect(bo.page.getByRole('link', { name: /Jump to newest/ })).toContainText('2 new')
  expect(await held()).toEqual(before)
})

test('a long log is read in both directions with few rows', async ({ person }) => {
  test.setTimeout(90_000)
  const ana = await person('Ana')
  const room = await ana.create()
  await flood(ana, 1000)
  await ana.open(`${room}?at=500#m500`)
  await expect(at(ana, 500)).toBeInViewport()
  await ana.expectStatus('live')
  await watchRows(ana)
  const until = async (seq: number, edge: 'top' | 'end') => {
    await expect
      .poll(async () => {
        await scrollTo(ana, edge)
        return at(ana, seq).count()
      }, { timeout: 40_000, intervals: [50] })
      .toBe(1)
  }
  await until(200, 'top')
  await expect(at(ana, 500)).toHaveCount(0)
  await until(800, 'end')
  await expect(at(ana, 500)).toHaveCount(0)
  await ana.log.focus()
  await expect
    .poll(async () => {
      await ana.page.keyboard.press('PageUp')
      return at(ana, 560).count()
    }, { timeout: 30_000, intervals: [50] })
    .toBe(1)
  await ana.page.getByRole('link', { name: /Jump to newest/ }).click()
  await expect(at(ana, 1000)).toBeInViewport()
  await expect(ana.page.getByRole('link', { name: /Jump to newest/ })).toHaveCount(0)
  await ana.say('at the end')
  await expect(ana.row('at the end')).toBeInViewport()
})

test('who reads further up is not moved, and is told how much is new', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 60)
  await bo.join(room)
  await at(bo, 30).evaluate((row) => row.scrollIntoView())
  const jump = bo.page.getByRole('link', { name: /Jump to newest/ })
  await expect(jump).toBeVisible()
  await expect(jump.locator('.jump__new')).toHaveText('')
  const before = await place(at(bo, 30))
  await ana.sayAll(['one', 'two', 'three'])
  await expect(jump).toContainText('3 new')
  expect(await place(at(bo, 30))).toBe(before)
  await jump.click()
  await expect(bo.row('three')).toBeInViewport()
  await expect(jump).toHaveCount(0)
  await ana.say('four')
  await expect(bo.row('four')).toBeInViewport()
})

test('the time is the address of its message, which opens with the talk around it', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 200)
  const time = at(ana, 170).locator('a.message__time')
  await at(ana, 170).scrollIntoViewIfNeeded()
  await time.dispatchEvent('click')
  await expect(at(ana, 170)).toHaveAttribute('data-found')
  expect(ana.page.url()).toContain(`${room}?at=170#m170`)

  await bo.open(`${room}?at=40#m40`)
  await bo.expectStatus('live')
  await expect(at(bo, 40)).toHaveAttribute('data-found')
  await expect(at(bo, 40)).toBeInViewport()
  await expect(at(bo, 39)).toBeInViewport()
  await expect(at(bo, 41)).toBeInViewport()
  await ana.say('meanwhile')
  const jump = bo.page.getByRole('link', { name: /Jump to newest/ })
  await expect(jump).toBeVisible()
  await jump.click()
  await expect(bo.row('meanwhile')).toBeInViewport()
})

test('a date leads to what was said first on it', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await flood(ana, 150)
  await ana.button('Jump to a date').click()
  const panel = ana.page.getByRole('dialog', { name: 'Jump to a date' })
  await expect(panel).toBeVisible()
  await panel.getByRole('button', { name: 'Show' }).click()
  await expect(panel).toBeHidden()
  await expect(at(ana, 1)).toBeInViewport()
  await expect(at(ana, 1)).toHaveAttribute('data-found')
  await ana.days.first().click()
  await expect(panel).toBeVisible()
  await ana.page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(ana.days.first()).toBeFocused()
})

test('without a script, links lead through the log', async ({ person }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  await flood(ana, 120)
  const bo = await person('Bo', { javaScriptEnabled: false })
  await bo.open(room)
  await expect(bo.rows).toHaveCount(50)
  await bo.page.getByRole('link', { name: 'Older messages' }).click()
  await expect(at(bo, 70)).toBeInViewport()
  await expect(bo.rows).toHaveCount(50)
  await bo.page.getByRole('link', { name: 'Newer messages' }).click()
  await expect(at(bo, 71)).toBeInViewport()
  await bo.page.getByRole('link', { name: 'Older messages' }).click()
  await bo.page.getByRole('link', { name: /Jump to newest/ }).click()
  await expect(at(bo, 120)).toBeInViewport()
  await bo.open((await at(bo, 100).locator('a.message__time').getAttribute('href'))!)
  await expect(at(bo, 100)).toHaveAttribute('data-found')
  await expect(at(bo, 100)).toBeInViewport()
})

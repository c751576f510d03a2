// The log beyond its newest page: older messages by scrolling, places by address and by date.

import type { Locator } from '@playwright/test'
import { flood } from './support/flood'
import type { Person } from './support/person'
import { expect, test } from './support/test'

const MOST = 340

/** A message by what it says, exactly. */
const said = (person: Person, text: string) =>
  person.rows.filter({ has: person.page.getByText(text, { exact: true }) })

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
  await expect(said(bo, '120 said').or(bo.row('120 said'))).toBeInViewport()

  // Each frame's picture tells where the row is: it may never be seen anywhere else.
  const row = bo.row('75 said')
  await row.evaluate((row) => row.scrollIntoView())
  const before = await place(row)
  await bo.page.evaluate(() => {
    const row = [...document.querySelectorAll('[data-message]')].find((row) => row.textContent!.includes('75 said'))!
    const seen: number[] = []
    const look = () => {
      seen.push(row.getBoundingClientRect().top)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    Object.assign(window, { seen })
  })
  await expect(bo.row('21 said')).toHaveCount(1)
  expect(await place(row)).toBeCloseTo(before, 0)
  const moved = await bo.page.evaluate(() => {
    const { seen } = window as unknown as { seen: number[] }
    return Math.max(...seen) - Math.min(...seen)
  })
  expect(moved).toBeLessThanOrEqual(1)

  await scrollTo(bo, 'top')
  await expect(said(bo, '1 said').or(bo.row(/^.*\b1 said/).first())).toBeAttached()
  await expect(bo.page.getByRole('link', { name: 'Older messages' })).toHaveCount(0)
})

test('a log of thousands is read in both directions with few rows', async ({ person }) => {
  test.setTimeout(90_000)
  const ana = await person('Ana')
  const room = await ana.create()
  await flood(ana, 3000)
  await ana.open(`${room}?at=1500#m1500`)
  await expect(said(ana, '1500 said')).toBeInViewport()
  await ana.expectStatus('live')
  await watchRows(ana)
  const until = async (text: string, edge: 'top' | 'end') => {
    await expect
      .poll(async () => {
        await scrollTo(ana, edge)
        return said(ana, text).count()
      }, { timeout: 40_000, intervals: [50] })
      .toBe(1)
  }
  await until('1100 said', 'top')
  await expect(said(ana, '1500 said')).toHaveCount(0)
  await until('1900 said', 'end')
  await expect(said(ana, '1500 said')).toHaveCount(0)
  await ana.log.focus()
  await expect
    .poll(async () => {
      await ana.page.keyboard.press('PageUp')
      return said(ana, '1550 said').count()
    }, { timeout: 30_000, intervals: [50] })
    .toBe(1)
  await ana.page.getByRole('link', { name: /Jump to newest/ }).click()
  await expect(said(ana, '3000 said')).toBeInViewport()
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
  await said(bo, '30 said').evaluate((row) => row.scrollIntoView())
  const jump = bo.page.getByRole('link', { name: /Jump to newest/ })
  await expect(jump).toBeVisible()
  await expect(jump).not.toContainText('new ')
  const before = await place(said(bo, '30 said'))
  await ana.sayAll(['one', 'two', 'three'])
  await expect(jump).toContainText('3 new')
  expect(await place(said(bo, '30 said'))).toBe(before)
  await jump.click()
  await expect(said(bo, 'three')).toBeInViewport()
  await expect(jump).toHaveCount(0)
  await ana.say('four')
  await expect(said(bo, 'four')).toBeInViewport()
})

test('the time is the address of its message, which opens with the talk around it', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await flood(ana, 200)
  const time = said(ana, '170 said').locator('a.message__time')
  await said(ana, '170 said').scrollIntoViewIfNeeded()
  await time.dispatchEvent('click')
  await expect(said(ana, '170 said')).toHaveAttribute('data-found')
  expect(ana.page.url()).toContain(`${room}?at=170#m170`)

  await bo.open(`${room}?at=40#m40`)
  await bo.expectStatus('live')
  await expect(said(bo, '40 said')).toHaveAttribute('data-found')
  await expect(said(bo, '40 said')).toBeInViewport()
  await expect(said(bo, '39 said')).toBeInViewport()
  await expect(said(bo, '41 said')).toBeInViewport()
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
  await scrollTo(ana, 'end')
  await ana.log.getByRole('button', { name: 'Today' }).first().dispatchEvent('click')
  const panel = ana.page.getByRole('dialog', { name: 'Jump to a date' })
  await expect(panel).toBeVisible()
  await panel.getByRole('button', { name: 'Show' }).click()
  await expect(panel).toBeHidden()
  await expect(said(ana, '1 said')).toBeInViewport()
  await expect(said(ana, '1 said')).toHaveAttribute('data-found')
})

test('without a script, links lead through the log', async ({ person }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  await flood(ana, 120)
  const bo = await person('Bo', { javaScriptEnabled: false })
  await bo.open(room)
  await expect(bo.rows).toHaveCount(50)
  await bo.page.getByRole('link', { name: 'Older messages' }).click()
  await expect(said(bo, '70 said')).toBeInViewport()
  await expect(bo.rows).toHaveCount(50)
  await bo.page.getByRole('link', { name: 'Newer messages' }).click()
  await expect(said(bo, '71 said')).toBeInViewport()
  await bo.page.getByRole('link', { name: 'Older messages' }).click()
  await bo.page.getByRole('link', { name: /Jump to newest/ }).click()
  await expect(said(bo, '120 said')).toBeInViewport()
  await said(bo, '100 said').locator('a.message__time').click()
  await expect(said(bo, '100 said')).toHaveAttribute('data-found')
  await expect(said(bo, '100 said')).toBeInViewport()
})

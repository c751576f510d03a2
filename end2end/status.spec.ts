// What the page says of its line: the word in the header, what it rests on, and a banner while it is
// cut.

import type { Locator } from '@playwright/test'
import { flood } from './support/flood'
import type { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

test.beforeEach(({ quiet }) => {
  test.slow()
  quiet.allow(CUT)
})

const statusOf = ({ page }: Person) => ({
  button: page.locator('header .connection'),
  panel: page.locator('#connection'),
  banner: page.locator('.banner:visible'),
  tryNow: page.getByRole('button', { name: 'Try now' }),
})

/** Writes down from now on what the header says of the line, and the banner below it. */
const watchLine = ({ page }: Person) =>
  page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const word = document.querySelector('header .connection') as HTMLElement
    const banners = [...document.querySelectorAll<HTMLElement>('.banner[data-status]')]
    const look = () => {
      const shown = banners.filter((banner) => !banner.hidden).map((banner) => banner.querySelector('.banner__text')?.textContent)
      const now = [word.dataset.status, ...shown].join(': ')
      if (seen.at(-1) !== now) seen.push(now)
    }
    look()
    const observer = new MutationObserver(look)
    for (const part of [word, ...banners]) observer.observe(part, { attributes: true })
  })

/** What the panel says of it. */
const fact = (panel: Locator, name: string) => panel.locator('dt', { hasText: name }).locator('+ dd')

test('the status opens to what it rests on, and the focus comes back', async ({ person }) => {
  const ana = await person('Ana')
  const { button, panel, tryNow } = statusOf(ana)
  await ana.create()
  await expect(button).toHaveText('Live')
  await button.focus()
  await ana.page.keyboard.press('Enter')
  await expect(panel).toBeVisible()
  await expect(panel.getByText('Complete', { exact: true })).toBeVisible()
  // Its title, so that no keyboard rises by touch.
  await expect(ana.page.getByRole('dialog', { name: 'Live' }).getByText('Live')).toBeFocused()
  await ana.page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(button).toBeFocused()
  await flood(ana, 412)
  await button.click()
  await expect(panel.getByText('Complete to #412')).toBeVisible()
  await expect(panel.getByText('once and in order')).toBeVisible()
  await expect(fact(panel, 'Last heard')).toHaveText(/^\d s ago$/)
  await expect(fact(panel, 'Not yet sent')).toHaveText('None')
  await expect(tryNow).toBeHidden()
})

test('offline it says what waits, and Try now tries at once', async ({ person, line }) => {
  const ana = await person('Ana', { base: line.url })
  const bo = await person('Bo')
  const { button, panel, banner, tryNow } = statusOf(ana)
  await bo.join(await ana.create())
  await ana.say('before')
  await bo.expectSaid(['before'])
  await watchLine(ana)
  line.cut()
  await ana.expectStatus('offline')
  expect(await ana.page.evaluate('seen')).toEqual([
    'live', 'reconnecting: Reconnecting… You can keep writing.', 'offline: You’re offline. You can keep writing.',
  ])
  await ana.say('one')
  await expect(banner).toContainText('1 message will be sent when you’re back.')
  await ana.say('two')
  await expect(banner).toContainText('2 messages will be sent when you’re back.')
  await expect(ana.row('two')).toContainText('Waiting')
  await button.click()
  await expect(panel.getByText('Offline')).toBeVisible()
  await expect(panel.getByText('Complete to #1')).toBeVisible()
  await expect(fact(panel, 'Not yet sent')).toHaveText('2 messages')
  const heard = async () => Number.parseInt((await fact(panel, 'Last heard').textContent()) ?? '')
  const before = await heard()
  await expect.poll(heard).toBeGreaterThan(before)
  // Firefox gives the focus in one window only.
  await ana.page.bringToFront()
  await panel.getByRole('button', { name: 'Try now' }).focus()
  await line.refusal()
  line.pass()
  await ana.page.keyboard.press('Enter')
  await ana.expectStatus('live')
  await expect(panel.getByText('Complete to #3')).toBeVisible()
  await expect(fact(panel, 'Not yet sent')).toHaveText('None')
  await expect(tryNow).toBeHidden()
  await expect(panel.getByText('Live')).toBeFocused()
  await expect(banner).toHaveCount(0)
  await bo.expectSaid(['before', 'one', 'two'])
})

test('Try now in the banner gives the focus on when it goes', async ({ person, line }) => {
  const ana = await person('Ana', { base: line.url })
  const { button, banner } = statusOf(ana)
  await ana.create()
  line.cut()
  await ana.expectStatus('offline')
  const tryNow = banner.getByRole('button', { name: 'Try now' })
  await tryNow.focus()
  await line.refusal()
  line.pass()
  await ana.page.keyboard.press('Enter')
  await ana.expectStatus('live')
  await expect(banner).toHaveCount(0)
  await expect(button).toBeFocused()
})

test('a short cut shows no banner', async ({ person, line }) => {
  const ana = await person('Ana', { base: line.url })
  await ana.create()
  await watchLine(ana)
  // How short it is, is not left to the machine: no time passes. So nothing is tried again by itself either.
  await ana.page.clock.setFixedTime(Date.now())
  line.cut('live')
  line.pass()
  await ana.say('after')
  await expect(async () => {
    await ana.page.evaluate(() => window.dispatchEvent(new Event('online')))
    await expect(ana.unsent).toHaveCount(0, { timeout: 500 })
  }).toPass()
  await ana.expectSaid(['after'])
  expect(await ana.page.evaluate('seen')).toEqual(['live'])
})

test('a banner moves nothing that is read, nor the end from who is there', async ({ person, line }) => {
  const ana = await person('Ana', { base: line.url })
  const { banner } = statusOf(ana)
  await ana.create()
  await flood(ana, 60)
  const row = (seq: number) => ana.log.locator(`[data-seq="${seq}"]`)
  await expect(row(60)).toBeInViewport()
  line.cut()
  await expect(banner).toBeVisible({ timeout: 20_000 })
  await expect(row(60)).toBeInViewport({ ratio: 1 })
  line.pass()
  await ana.expectStatus('live')
  await row(30).evaluate((row) => row.scrollIntoView({ block: 'center' }))
  await expect(ana.page.locator('.jump')).toBeVisible()
  /** By the next frame what is read is where it was, whatever became of the log. */
  const place = () =>
    row(30).evaluate(async (row) => {
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
      return row.getBoundingClientRect().top
    })
  const before = await place()
  line.cut()
  await expect(banner).toBeVisible({ timeout: 20_000 })
  // A log is scrolled by whole pixels only.
  expect(Math.abs((await place()) - before)).toBeLessThan(1)
  line.pass()
  await expect(banner).toHaveCount(0, { timeout: 20_000 })
  expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1)
})

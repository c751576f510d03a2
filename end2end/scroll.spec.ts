// What is read never moves, and who is at the end stays there, whatever arrives and whatever grows.

import type { Locator } from '@playwright/test'
import { flood } from './support/flood'
import type { Person } from './support/person'
import { expect, test } from './support/test'

const at = (person: Person, seq: number) => person.log.locator(`[data-seq="${seq}"]`)

/** Looks before each frame is painted, from now on, at how far `row` is from where it was. */
const watchPlace = (row: Locator) =>
  row.evaluate((row) => {
    const top = () => row.getBoundingClientRect().top
    const began = top()
    const watch = { frames: 0, moved: 0 }
    const look = () => {
      watch.frames += 1
      watch.moved = Math.max(watch.moved, Math.abs(top() - began))
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    Object.assign(window, { watch })
  })

/** The same of how far the end of the log is below what is seen. */
const watchEnd = (person: Person) =>
  person.log.evaluate((log) => {
    const watch = { frames: 0, moved: 0 }
    const look = () => {
      watch.frames += 1
      watch.moved = Math.max(watch.moved, log.scrollHeight - log.scrollTop - log.clientHeight)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    Object.assign(window, { watch })
  })

const watched = (person: Person) =>
  person.page.evaluate(() => (window as unknown as { watch: { frames: number; moved: number } }).watch)

/** Twenty messages a second, until there are 200 more. */
const talk = async (person: Person) => {
  for (let tenth = 0; tenth < 100; tenth += 1) {
    const began = Date.now()
    await flood(person, 2, (n) => `${tenth}.${n} ${'word '.repeat((tenth % 7) * 6)}`)
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 100 - (Date.now() - began))))
  }
}

test('while others talk, what is read moves by nothing, and the end stays in sight', async ({ person }) => {
  test.setTimeout(90_000)
  const ana = await person('Ana')
  const reader = await person('Reader')
  const listener = await person('Listener')
  const room = await ana.create()
  await flood(ana, 60)
  await reader.open(room)
  await reader.expectStatus('live')
  await listener.open(room)
  await listener.expectStatus('live')
  await at(reader, 40).evaluate((row) => row.scrollIntoView())
  await expect(reader.page.getByRole('link', { name: /Jump to newest/ })).toBeVisible()
  await watchPlace(at(reader, 40))
  await watchEnd(listener)
  await talk(ana)
  await expect(reader.page.locator('.jump')).toHaveAttribute('data-new', '200')
  await expect(at(listener, 260)).toBeInViewport()
  for (const [who, most] of [[reader, 0], [listener, 1]] as const) {
    const { frames, moved } = await watched(who)
    expect(frames).toBeGreaterThan(100)
    expect(moved).toBeLessThanOrEqual(most)
  }
})

test('over a keyboard on the screen the end stays in sight, and what is read where it is', async ({ person }) => {
  const ana = await person('Ana', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await ana.create()
  await flood(ana, 60)
  await expect(at(ana, 60)).toBeInViewport()
  /** As a browser tells of it that does not make the page smaller by itself. */
  const seen = (height: number) =>
    ana.page.evaluate((height) => {
      Object.defineProperty(visualViewport, 'height', { get: () => height, configurable: true })
      visualViewport!.dispatchEvent(new Event('resize'))
    }, height)
  const bottom = (what: Locator) => what.evaluate((one) => one.getBoundingClientRect().bottom)
  await ana.box.focus()
  await seen(430)
  await expect.poll(() => bottom(ana.box)).toBeLessThanOrEqual(430)
  await expect.poll(() => bottom(at(ana, 60))).toBeLessThanOrEqual(430)
  await ana.say('Written on the screen')
  await expect.poll(() => bottom(ana.row('Written on the screen'))).toBeLessThanOrEqual(430)
  await seen(844)
  await expect.poll(() => bottom(ana.box)).toBeGreaterThan(700)
  await expect(ana.row('Written on the screen')).toBeInViewport()

  await at(ana, 30).evaluate((row) => row.scrollIntoView())
  await expect(ana.page.getByRole('link', { name: /Jump to newest/ })).toBeVisible()
  const place = () => at(ana, 30).evaluate((row) => row.getBoundingClientRect().top)
  const before = await place()
  await seen(430)
  await expect.poll(() => bottom(ana.box)).toBeLessThanOrEqual(430)
  // The log is put right with the next frame.
  await expect.poll(place).toBe(before)
})

test('what grows above or below moves nobody', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await flood(ana, 60)
  await expect(at(ana, 60)).toBeInViewport()
  await at(ana, 30).evaluate((row) => row.scrollIntoView())
  await expect(ana.page.getByRole('link', { name: /Jump to newest/ })).toBeVisible()
  const place = () => at(ana, 30).evaluate((row) => row.getBoundingClientRect().top)
  const before = await place()
  /** As a picture that loads without having said its size. */
  const grow = (seq: number) =>
    at(ana, seq).evaluate((row) => {
      const block = document.createElement('div')
      block.style.height = '400px'
      row.append(block)
    })
  await grow(10)
  await grow(20)
  await grow(50)
  await expect.poll(place).toBe(before)
  await ana.page.getByRole('link', { name: /Jump to newest/ }).click()
  await expect(at(ana, 60)).toBeInViewport()
  await grow(59)
  await expect(at(ana, 60)).toBeInViewport()
  await ana.page.setViewportSize({ width: 800, height: 420 })
  await expect(at(ana, 60)).toBeInViewport()
})

// What a reader prefers, or needs: no motion, colours of their own, more contrast, text that runs the
// other way, and everything larger.

import type { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

test('under reduced motion nothing moves', async ({ person, line, quiet }) => {
  test.slow()
  quiet.allow(CUT)
  const options = { reducedMotion: 'reduce', viewport: { width: 390, height: 844 }, hasTouch: true } as const
  const ana = await person('Ana', { base: line.url, ...options })
  const bo = await person('Bo')
  await bo.join(await ana.create())
  /** Milliseconds of the longest animation that is under way, delays not counted. */
  const moves = () =>
    ana.page.evaluate(() => {
      const lengths = document.getAnimations().map((one) => one.effect?.getComputedTiming().duration)
      return Math.max(0, ...lengths.map(Number))
    })
  await bo.box.pressSequentially('writing')
  await ana.expectTyping('Bo is typing')
  expect(await moves()).toBeLessThanOrEqual(1)
  await ana.button('People').click()
  await expect(ana.page.locator('#people')).toBeVisible()
  expect(await moves()).toBeLessThanOrEqual(1)
  await ana.button('Close people').click()
  await ana.page.locator('header .connection').click()
  await expect(ana.page.locator('#connection')).toBeVisible()
  line.cut()
  await ana.expectStatus('reconnecting', 'offline')
  expect(await moves()).toBeLessThanOrEqual(1)
})

test('in forced colours every bubble and every control has an outline', async ({ person }) => {
  const ana = await person('Ana', { forcedColors: 'active', reducedMotion: 'reduce' })
  const bo = await person('Bo')
  await bo.join(await ana.create())
  await ana.say('mine')
  await bo.expectSaid(['mine'])
  await bo.say('another’s')
  await ana.expectSaid(['mine', 'another’s'])
  for (const outlined of [
    ana.row('mine').locator('.message__bubble'),
    ana.row('another’s').locator('.message__bubble'),
    ana.page.locator('.composer__box'),
    ana.send,
  ]) {
    const [line, ground] = await outlined.evaluate((element) => {
      const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(element)
      return [`${borderTopWidth} ${borderTopStyle} ${borderTopColor}`, backgroundColor]
    })
    expect(line).toMatch(/^[1-9][^ ]* solid /)
    expect(line).not.toMatch(/rgba\(.*, 0\)$/)
    expect(line).not.toContain(ground)
  }
  await ana.log.focus()
  await ana.page.keyboard.press('ArrowUp')
  await expect(ana.row('another’s').locator('.message__bubble')).toHaveCSS('outline-style', 'solid')
})

test('with more contrast, faint words are not', async ({ person }) => {
  const contrast = async (prefers: 'more' | 'no-preference') => {
    const ana = await person('Ana', { contrast: prefers, colorScheme: 'light' })
    await ana.create()
    await ana.say('said')
    const colour = (of: string) =>
      ana.log.locator(of).evaluate((element) => {
        const { data } = (() => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D
          canvas.fillStyle = getComputedStyle(element).color
          canvas.fillRect(0, 0, 1, 1)
          return canvas.getImageData(0, 0, 1, 1)
        })()
        return (data[0] ?? 0) + (data[1] ?? 0) + (data[2] ?? 0)
      })
    return colour('.message__time')
  }
  expect(await contrast('more')).toBeLessThan(await contrast('no-preference'))
})

/** Where the glyphs of `text` are drawn inside of `row`, from left to right. */
const place = (person: Person, row: string, text: string) =>
  person.row(row).evaluate((row, text) => {
    const walker = document.createTreeWalker(row.querySelector('.message__bubble') as Node, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.nodeValue?.indexOf(text) ?? -1
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + text.length)
      const { left, right } = range.getBoundingClientRect()
      return { left, right }
    }
    throw new Error(`no ${text}`)
  }, text)

test('text and names that run from right to left keep to themselves', async ({ person }) => {
  const ana = await person('أنا')
  const bo = await person('Bo')
  const dana = await person('דנה!')
  const room = await ana.create()
  await bo.join(room)
  await dana.join(room)
  const arabic = 'مرحبا، Ana: كيف الحال؟'
  const hebrew = 'שלום!'
  const english = 'Hello, שלום, all!'
  for (const [who, text] of [[ana, arabic], [dana, hebrew], [bo, english]] as const) {
    await who.say(text)
    await bo.expectSaid([arabic, hebrew, english].slice(0, [arabic, hebrew, english].indexOf(text) + 1))
  }
  // Each paragraph begins where its language does, and its last sign stands at its end.
  const question = await place(bo, arabic, '؟')
  expect(question.right).toBeLessThanOrEqual((await place(bo, arabic, 'مرحبا')).left)
  const wow = await place(bo, hebrew, '!')
  expect(wow.right).toBeLessThanOrEqual((await place(bo, hebrew, 'שלום')).left + 1)
  const all = await place(bo, english, 'all!')
  expect(all.left).toBeGreaterThanOrEqual((await place(bo, english, 'Hello')).right)
  for (const text of [arabic, hebrew, english]) {
    await expect(bo.row(text).locator('.message__bubble p')).toHaveCSS('unicode-bidi', 'plaintext')
  }
  // A name does not reach what stands around it.
  await expect(bo.row(hebrew).locator('.message__author bdi')).toHaveText('דנה!')
  const [author, time] = await bo.row(hebrew).evaluate((row) =>
    ['.message__author', '.message__time'].map((part) => (row.querySelector(part) as Element).getBoundingClientRect().left),
  )
  expect(author).toBeLessThan(time as number)
  const names = bo.page.locator('#people bdi')
  await expect(names.filter({ hasText: 'דנה!' })).toHaveCSS('unicode-bidi', 'isolate')
  await expect(async () => {
    await dana.box.fill('')
    await dana.box.pressSequentially('ש')
    // With the marks that isolate it.
    await expect(bo.page.locator('.typing')).toContainText('\u2068דנה!\u2069 is typing', { timeout: 1_000 })
  }).toPass()
})

for (const [zoom, viewport] of [
  ['200 %', { width: 640, height: 400 }],
  ['400 %', { width: 320, height: 256 }],
  ['a narrow phone', { width: 320, height: 568 }],
] as const) {
  test(`at ${zoom} nothing is cut off and nothing scrolls sideways`, async ({ person }) => {
    const ana = await person('Ana', { viewport })
    await ana.create()
    await ana.say('https://example.org/' + 'a-very-long-address-'.repeat(10))
    await ana.say('a word and another '.repeat(12))
    const sideways = () =>
      ana.page.evaluate(() => {
        const wide = [...document.querySelectorAll('html, body, .layout-room, [role=log], .composer, .panel:popover-open, #people')]
        return wide.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)
      })
    expect(await sideways()).toEqual([])
    for (const part of [ana.box, ana.send, ana.button('People'), ana.page.locator('header .connection')]) {
      await expect(part).toBeInViewport({ ratio: 1 })
    }
    // Some of the talk is seen too.
    expect(await ana.log.evaluate((log) => log.clientHeight)).toBeGreaterThan(60)
    await ana.page.locator('header .connection').click()
    await expect(ana.page.locator('#connection')).toBeVisible()
    expect(await sideways()).toEqual([])
    await ana.page.keyboard.press('Escape')
    await ana.openPeople()
    expect(await sideways()).toEqual([])
  })
}

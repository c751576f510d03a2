// What people type is text, whatever it looks like, and stays inside its bubble.

import type { Page } from '@playwright/test'
import { expect, test } from './support/test'

const nasty = [
  '<script>console.error("run")</script>',
  '</script><script>console.error("run")</script><!--',
  '<img src=x onerror="console.error(1)">',
  '"><svg onload=console.error(1)>',
  '&lt;b&gt; &amp; &#60;',
  'javascript:console.error(1)',
  '{{7*7}} ${7*7} <%= 7*7 %>',
  "'; DROP TABLE messages; --",
]

for (const javaScriptEnabled of [true, false]) {
  test(`markup stays text, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ person }) => {
    const ana = await person('<b>Ana</b>', { javaScriptEnabled })
    const bo = await person('Bo', { javaScriptEnabled })
    const room = await ana.create()
    await ana.sayAll(nasty)
    await ana.expectSaid(nasty)
    await bo.open(room)
    await bo.expectSaid(nasty)
    await expect(bo.rows.locator('.message__author').first()).toHaveText('<b>Ana</b>')
    expect(await bo.log.locator('script, img, .message__bubble b').count()).toBe(0)
  })
}

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const width of [1280, 390, 320]) {
  test(`long words and many lines fit, ${width} wide`, async ({ person }) => {
    const ana = await person('W'.repeat(20), { viewport: { width, height: 800 } })
    const room = await ana.create()
    const lines = Array.from({ length: 500 }, (_, line) => `${line}`).join('\n')
    const texts = ['x'.repeat(4000), `https://example.org/${'a/'.repeat(500)}`, '𒐫'.repeat(300), lines]
    for (const text of texts) {
      await ana.box.fill(text)
      await ana.send.click()
    }
    await expect(ana.rows).toHaveCount(texts.length)
    await expect(ana.unsent).toHaveCount(0)
    expect(await sideways(ana.page)).toBe(0)
    expect(await ana.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0)
    await expect(ana.send).toBeInViewport()
    await ana.open(room)
    await ana.expectRoom()
    expect(await sideways(ana.page)).toBe(0)
    await ana.open()
    expect(await sideways(ana.page)).toBe(0)
  })
}

test('the log opens at its end and follows it, but never moves what is being read', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  const texts = Array.from({ length: 40 }, (_, at) => `line ${at + 1} of forty`)
  await ana.sayAll(texts)
  await bo.join(room)
  await expect(bo.row('line 40 of forty')).toBeInViewport()
  await ana.say('one more')
  await expect(bo.row('one more')).toBeInViewport()

  await bo.row('line 20 of forty').evaluate((row) => row.scrollIntoView({ block: 'center' }))
  await expect(bo.row('line 20 of forty')).toBeInViewport()
  const top = () => bo.row('line 20 of forty').evaluate((row) => row.getBoundingClientRect().top)
  const before = await top()
  await ana.say('and another')
  await expect(bo.row('and another')).toHaveCount(1)
  expect(await top()).toBe(before)
})

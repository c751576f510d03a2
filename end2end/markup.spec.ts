// The marks that people type: what they look like, on their way and when they have arrived, and that
// nothing that anybody types gets out of its bubble.

import { readFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import { expectAccessible } from './support/axe'
import type { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 }, small: { width: 320, height: 640 } }

const marked = [
  '**bold** *italic* ~~gone~~ `code` and snake_case',
  'one\ntwo\n\nthree',
  '> quoted\n> twice\n\nanswered',
  'Bring:\n- boots\n- a lamp\n  - and batteries\n\n3. third\n4. fourth',
  '```sh\ncurl -d "B 07:05 limpets 14" \\\n  https://parley.example/r/KMRT\n```\nand\n```\nanother\n```',
  '[our notes](https://tides.example/survey) or https://tides.example/a_(b), or [bank.example](https://evil.example/)',
  'مرحبا **بكم** في https://tides.example/ هنا',
]

const bubble = (row: Locator) =>
  row.locator('.message__bubble').evaluate((bubble) => {
    const { width, height } = bubble.getBoundingClientRect()
    // Markers of the framework are no part of it.
    const html = bubble.innerHTML.replaceAll('<!---->', '')
    return { html, size: `${width} × ${height}`, big: bubble.closest('.message')?.hasAttribute('data-big') }
  })

const bubbles = async (person: Person) => Promise.all((await person.rows.all()).map(bubble))

const said = async (person: Person, texts: string[]) => {
  for (const text of texts) {
    await person.box.fill(text)
    await person.send.click()
    await expect(person.box).toHaveValue('')
  }
}

for (const [size, viewport] of Object.entries({ wide: sizes.wide, phone: sizes.phone })) {
  test(`marks look the same on their way, sent, to others, and without JavaScript, ${size}`, async ({ person, line, quiet }) => {
    test.slow()
    quiet.allow(CUT)
    const texts = [...marked, '🌊🦀', 'not 🌊 big']
    const ana = await person('Ana', { base: line.url, viewport })
    const bo = await person('Bo', { viewport })
    const plain = await person('Cleo', { viewport, javaScriptEnabled: false })
    const room = await ana.create()
    await bo.join(room)

    line.set('freeze', 'live')
    await said(ana, texts)
    await expect(ana.unsent).toHaveCount(texts.length)
    const pending = await bubbles(ana)
    line.pass()
    await expect(ana.rows).toHaveCount(texts.length)
    await expect(ana.unsent).toHaveCount(0, { timeout: 20_000 })
    expect(await bubbles(ana)).toEqual(pending)
    await ana.page.reload()
    await ana.expectRoom()
    expect(await bubbles(ana)).toEqual(pending)

    const looks = pending.map(({ html, big }) => ({ html, big }))
    await plain.open(room)
    for (const reader of [bo, plain]) {
      await expect(reader.rows).toHaveCount(texts.length)
      expect((await bubbles(reader)).map(({ html, big }) => ({ html, big }))).toEqual(looks)
    }
    expect(looks.map(({ big }) => big)).toEqual(texts.map((text) => text === '🌊🦀'))
  })
}

test('each mark is what it says to those who cannot see it', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await said(ana, marked)
  await expect(ana.unsent).toHaveCount(0)
  await expect(ana.log.locator('strong').first()).toHaveText('bold')
  await expect(ana.log.locator('em')).toHaveText('italic')
  await expect(ana.log.locator('s')).toHaveText('gone')
  await expect(ana.log.locator('p > code')).toHaveText('code')
  await expect(ana.log.locator('blockquote')).toHaveText('quoted\ntwice')
  await expect(ana.log.getByRole('listitem')).toHaveText(['boots', /^a lamp/, 'and batteries', 'third', 'fourth'])
  await expect(ana.log.locator('ol')).toHaveAttribute('start', '3')
  await expect(ana.log.getByLabel('Code').first()).toHaveText('curl -d "B 07:05 limpets 14" \\\n  https://parley.example/r/KMRT')
  const links = await ana.log.locator('.message__bubble').getByRole('link').evaluateAll((links) => links.map((link) => [link.textContent, link.getAttribute('href')]))
  expect(links).toEqual([
    ['our notes', 'https://tides.example/survey'],
    ['https://tides.example/a_(b)', 'https://tides.example/a_(b)'],
    ['bank.example (evil.example)', 'https://evil.example/'],
    ['https://tides.example/', 'https://tides.example/'],
  ])
})

for (const [size, viewport] of Object.entries({ wide: sizes.wide, phone: sizes.phone })) {
  test(`marks can be read by everyone, ${size}`, async ({ person }) => {
    const ana = await person('Ana', { viewport })
    const bo = await person('Bo')
    const room = await ana.create()
    await bo.join(room)
    await said(ana, marked)
    await said(bo, marked)
    await expect(ana.rows).toHaveCount(2 * marked.length)
    await expect(ana.unsent).toHaveCount(0)
    await expectAccessible(ana.page)
  })
}

test('a link opens in a new tab, which knows nothing of the room', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  await bo.join(room)
  await ana.say(`See ${ana.base}/healthz.`)
  const opened = bo.page.context().waitForEvent('page')
  await bo.log.getByRole('link', { name: 'healthz' }).click()
  const tab = await opened
  await tab.waitForURL('**/healthz')
  expect(await tab.evaluate(() => [window.opener, document.referrer])).toEqual([null, ''])
  await expect(bo.page).toHaveURL(new RegExp(`${room}$`))
})

const naughty = readFileSync('../protocol/tests/samples/naughty.jsonl', 'utf8').trim().split('\n')
  .map((line) => JSON.parse(line) as string)

/** As few messages as will hold them. */
const packed = (texts: string[]) => {
  const packs = ['']
  for (const text of texts) {
    if ((packs.at(-1) + text).length > 3900) packs.push('')
    packs.push(`${packs.pop()}\n\n${text}`)
  }
  return packs
}

const burdens = [
  'x'.repeat(4000),
  Array.from({ length: 500 }, (_, line) => `${line}`).join('\n'),
  `${'> '.repeat(1000)}a${'- '.repeat(900)}b`,
  `\`\`\`\n${'code '.repeat(300)}\n\`\`\`\n\`${'y'.repeat(1000)}\``,
  `[${'a'.repeat(1500)}](https://a.example/${'b'.repeat(1500)}) https://${'c'.repeat(500)}`,
  '*a _b **c ~~d '.repeat(250),
  `e${'\u0301'.repeat(1000)} ก${'็'.repeat(1000)} \u202egnp.exe \u2067אבג`,
  '𒐫'.repeat(300),
]

const ALLOWED = ['A', 'BLOCKQUOTE', 'CODE', 'EM', 'LI', 'OL', 'P', 'PRE', 'S', 'SMALL', 'STRONG', 'UL']

/** Where the rows of a log go beyond where they may be. */
const strays = (log: Locator) =>
  log.evaluate((log, allowed) => {
    const found: string[] = []
    const canvas = document.createElement('canvas').getContext('2d')!
    const letters = new Intl.Segmenter()
    /** Whether a letter in it, with all its marks, is drawn further beyond its own place than a bubble's edge is away. */
    const sprawls = (bubble: HTMLElement) => {
      const { font, fontSize } = getComputedStyle(bubble)
      canvas.font = font
      return [...letters.segment(bubble.textContent ?? '')].some(({ segment }) => {
        const ink = canvas.measureText(segment)
        const beside = Math.max(ink.actualBoundingBoxLeft, ink.actualBoundingBoxRight - ink.width)
        const over = Math.max(ink.actualBoundingBoxAscent - parseFloat(fontSize), ink.actualBoundingBoxDescent)
        return Math.max(beside, over) > 0.75 * parseFloat(fontSize)
      })
    }
    const page = document.documentElement
    if (page.scrollWidth > page.clientWidth || log.scrollWidth > log.clientWidth) found.push('the page scrolls sideways')
    const edges = log.getBoundingClientRect()
    let above = -Infinity
    for (const row of log.querySelectorAll('[data-message]')) {
      const name = (row.textContent ?? '').slice(0, 40)
      const bubble = row.querySelector('.message__bubble') as HTMLElement
      const box = bubble.getBoundingClientRect()
      if (box.left < edges.left || box.right > edges.right) found.push(`beyond the log: ${name}`)
      if (row.getBoundingClientRect().top < above - 0.5) found.push(`over the one above: ${name}`)
      above = box.bottom
      if (getComputedStyle(bubble).overflow !== 'clip' && sprawls(bubble)) found.push(`not held by its edge: ${name}`)
      for (const part of bubble.querySelectorAll('*')) {
        if (!allowed.includes(part.tagName)) found.push(`${part.tagName}: ${name}`)
        const { left, right } = part.getBoundingClientRect()
        if (!part.closest('pre code') && (left < box.left || right > box.right)) found.push(`${part.tagName} beyond its bubble: ${name}`)
        if (part instanceof HTMLAnchorElement && !/^(https?|mailto):/.test(part.href)) found.push(`leads to ${part.href}: ${name}`)
      }
    }
    return found
  }, ALLOWED)

for (const [size, viewport] of Object.entries(sizes)) {
  test(`whatever is typed stays in its bubble and does nothing, ${size}`, async ({ person }) => {
    test.slow()
    const ana = await person('Ana', { viewport })
    const bo = await person('Bo', { viewport })
    let ran = false
    for (const { page } of [ana, bo]) page.on('dialog', () => (ran = true))
    const room = await ana.create()
    await bo.join(room)
    const texts = [...burdens, ...packed(naughty)]
    await said(ana, texts)
    await expect(ana.rows).toHaveCount(texts.length, { timeout: 30_000 })
    expect(await strays(ana.log)).toEqual([])
    await expect(ana.unsent).toHaveCount(0, { timeout: 30_000 })
    for (const reader of [ana, bo]) {
      await expect(reader.rows).toHaveCount(texts.length)
      expect(await strays(reader.log)).toEqual([])
      await expect(reader.box).toBeInViewport()
    }
    expect(ran).toBe(false)
  })
}

test('a name of nothing, or of a thousand marks, is refused in words', async ({ person, quiet }) => {
  quiet.allow(/status of 422/)
  const ana = await person('Ana')
  for (const [name, why] of [
    ['   ', 'Please give a name.'],
    ['\u3164\u2800\u202e', 'Please give a name.'],
    [`a${'\u0301'.repeat(1000)}`, 'A name has at most 20 characters.'],
    ['x'.repeat(21), 'A name has at most 20 characters.'],
  ] as const) {
    await ana.open()
    await ana.yourName.fill(name)
    await ana.button('Create a room').click()
    await expect(ana.page.getByRole('alert')).toHaveText(why)
    expect(await ana.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
  }
})

test('a name’s marks of direction are dropped, and its accents are few', async ({ person }) => {
  const ana = await person(`\u202eAna\u2067 Z${'\u0301\u0302\u0303\u0304\u0305\u0306'}`)
  const bo = await person('Bo')
  const room = await ana.create()
  await bo.join(room)
  await ana.say('Hello')
  await expect(bo.rows.locator('.message__author')).toHaveText(/^Ana \u0179?Z?[\u0300-\u036f]{0,4} $/)
})

// The whole list of naughty strings as names, messages, room names and topics: nothing of them runs, no browser
// complains, and no page becomes wider than its window or loses its composer.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { composer, sideways } from './support/hosts'
import type { Person } from './support/person'
import { expect, test } from './support/test'

const naughty = readFileSync('../protocol/tests/samples/naughty.jsonl', 'utf8').trim().split('\n')
  .map((line) => JSON.parse(line) as string)

/** All of it, in pieces that have a place where so many characters have. */
const pieces = (most: number) => {
  const letters = new Intl.Segmenter()
  return naughty.flatMap((text) => {
    const all = [...letters.segment(text)].map(({ segment }) => segment)
    return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most).join(''))
  })
}

const PAGE = 50

test.use({
  settings: ['--post-burst', '100000', '--joins-per-address', '60000+60000', '--sessions-per-address', '60000+60000',
    '--acts-per-person', '60000+60000', '--rooms-per-person', '1000+1000', '--rooms-per-address', '1000+1000'],
})

type Field = Record<string, string>

/** What would be seen if something of it ran, and nothing of it that could. */
const watched = (person: Person) => {
  const dialogs: string[] = []
  person.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  return async () => {
    expect(dialogs).toEqual([])
    const armed = await person.page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))))
    expect(armed).toEqual([])
    expect(await person.page.locator('iframe, object, embed, base, form[action^="javascript"], a[href^="javascript" i]').count()).toBe(0)
    expect(await sideways(person.page)).toBe(0)
  }
}

/** Somebody without a browser; the status. */
const sends = async (base: string, path: string, fields: Field) => {
  const headers = { accept: 'application/json' }
  const answer = await fetch(base + path, { method: 'POST', headers, body: new URLSearchParams(fields) })
  await answer.arrayBuffer()
  return answer.status
}

/** How many were taken; the others are refused for what they are. */
const sendsAll = async (base: string, path: string, all: Field[]) => {
  const statuses: number[] = []
  for (let n = 0; n < all.length; n += 16) {
    statuses.push(...(await Promise.all(all.slice(n, n + 16).map((fields) => sends(base, path, fields)))))
  }
  expect(statuses.filter((status) => ![200, 409, 422].includes(status))).toEqual([])
  return statuses.filter((status) => status === 200).length
}

/** Of version 7, by its look. */
const messageId = () => randomUUID().replace(/^(.{14})./, '$17')

test('as names and as what they say', async ({ person }) => {
  test.slow()
  const ana = await person('Ana')
  const harmless = watched(ana)
  const room = await ana.create()
  const names = pieces(20)
  const post = (name: string, n: number) => ({ id: messageId(), name, body: naughty[n % naughty.length] ?? '' })
  const said = await sendsAll(ana.base, room, names.map(post))
  expect(said).toBeGreaterThan(naughty.length)
  // Live, all of it.
  await expect(ana.log.locator(`[data-seq="${said}"]`)).toBeInViewport()
  await harmless()
  await expect(composer(ana)).toBeInViewport({ ratio: 1 })
  for (let at = PAGE / 2; at < said; at += PAGE) {
    await ana.open(`${room}?at=${at}`)
    await expect(ana.log.locator(`[data-seq="${at}"]`)).toBeInViewport()
    await expect(composer(ana)).toBeInViewport({ ratio: 1 })
    expect(await ana.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0)
    await harmless()
  }
})

/**
 * In the page of the host's room, which hears of each: where the page was not as it should be, when it had drawn it,
 * and how many topics were taken.
 */
const callsIt = (page: Page, acts: { name: string; topic: string }[]) =>
  page.evaluate(async (acts) => {
    const wrong: string[] = []
    let taken = 0
    const topic = document.getElementById('room-topic')
    const does = (fields: Record<string, string>) =>
      fetch(`${location.pathname}/act`, {
        method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields),
      })
    for (const one of acts) {
      await does({ act: 'rename', name: one.name })
      const { ok } = await does({ act: 'topic', topic: `${taken} ${one.topic}` })
      if (!ok) continue
      // It may have nothing but its number.
      while (parseInt(topic?.textContent ?? '') !== taken) await new Promise(requestAnimationFrame)
      taken += 1
      const { scrollWidth, clientWidth, clientHeight } = document.documentElement
      // What a room is too small for is clipped: all that is pressed must be there.
      const pressed = [...document.querySelectorAll('header :is(a, button), form.composer')]
        .map((one) => one.getBoundingClientRect())
        .filter(({ width }) => width > 0)
      const isInView = pressed.every(({ left, right, top, bottom }) =>
        left >= 0 && right <= clientWidth && top >= 0 && bottom <= clientHeight)
      if (scrollWidth > clientWidth || pressed.length < 3 || !isInView) wrong.push(JSON.stringify(one))
    }
    return { wrong, taken }
  }, acts)

for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, phone: { width: 320, height: 640 } })) {
  test(`as room names and topics, ${size}`, async ({ person }) => {
    test.slow()
    const ana = await person('Ana', { viewport })
    const harmless = watched(ana)
    const room = await ana.create()
    const [names, topics] = [pieces(30), pieces(110)]
    const acts = names.map((name, n) => ({ name, topic: topics[n % topics.length] ?? '' }))
    expect(acts.length).toBeGreaterThan(topics.length)
    const { wrong, taken } = await callsIt(ana.page, acts)
    expect(wrong).toEqual([])
    expect(taken).toBeGreaterThan(naughty.length)
    await harmless()
    // What was done is on the desk, the newest of it.
    for (const page of ['/desk', '/rules']) {
      await ana.open(room + page)
      await harmless()
    }
    const rooms = pieces(30).map((room_name, n) => ({ name: `Guest ${n}`, room_name, listed: 'on' }))
    for (let n = 0; n < rooms.length; n += 100) {
      await sendsAll(ana.base, '/rooms', rooms.slice(n, n + 100))
      await ana.open()
      await expect(ana.page.getByRole('heading', { level: 1 })).toBeVisible()
      await harmless()
    }
  })
}

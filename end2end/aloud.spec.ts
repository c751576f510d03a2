// What a screen reader is told: what others say, and what failed; one sentence at a time.

import { flood } from './support/flood'
import type { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

/** Writes down from now on what is announced, as far as announcements are anybody's to see. */
const listen = async (person: Person) => {
  await person.page.evaluate(() => {
    const told: { at: number; text: string }[] = []
    Object.assign(window, { told })
    const aloud = document.getElementById('aloud') as Element
    new MutationObserver(() => {
      const text = (aloud.textContent ?? '').replace(/[\u2068\u2069]/g, '')
      told.push({ at: Date.now(), text })
    }).observe(aloud, { childList: true, characterData: true, subtree: true })
  })
}

const told = (person: Person) =>
  person.page.evaluate(() => (window as unknown as { told: { at: number; text: string }[] }).told)

const texts = async (person: Person) => (await told(person)).map(({ text }) => text)

/** Ana listens, Bo talks. */
const twoPeople = async (person: (name: string, options?: object) => Promise<Person>, options = {}) => {
  const ana = await person('Ana', options)
  const bo = await person('Bo')
  await bo.join(await ana.create())
  await expect(ana.log).toHaveAttribute('aria-live', 'off')
  await listen(ana)
  return { ana, bo }
}

test('what another says is told as they would read it', async ({ person }) => {
  const { ana, bo } = await twoPeople(person)
  await bo.box.fill('**Low** tide at `six`')
  await bo.box.press('Enter')
  await expect.poll(() => texts(ana)).toEqual(['Bo: Low tide at six'])
})

test('one sentence in three seconds: what comes meanwhile is counted', async ({ person }) => {
  const { ana, bo } = await twoPeople(person)
  await bo.say('first')
  await expect.poll(() => texts(ana)).toEqual(['Bo: first'])
  await flood(bo, 5)
  await expect.poll(async () => (await texts(ana)).length).toBeGreaterThan(1)
  const [first, second] = (await told(ana)) as [{ at: number; text: string }, { at: number; text: string }]
  expect(second.text).toMatch(/^\d new messages$/)
  // It is looked at every half second, and written down a moment later.
  expect(second.at - first.at).toBeGreaterThanOrEqual(2_600)
})

test('neither one’s own words, nor who types, comes or goes are told, nor what was said before', async ({ person }) => {
  const { ana, bo } = await twoPeople(person)
  await bo.say('heard')
  await expect.poll(() => texts(ana)).toEqual(['Bo: heard'])
  await ana.say('my own')
  // Others are told of it at most once a second.
  await expect(async () => {
    await bo.box.fill('')
    await bo.box.pressSequentially('writing')
    await expect(ana.page.locator('.typing')).toContainText('is typing', { timeout: 1_000 })
  }).toPass()
  const cy = await person('Cy')
  await cy.join(new URL(ana.page.url()).pathname)
  await cy.leave()
  await bo.box.press('Enter')
  await expect.poll(() => texts(ana)).toEqual(['Bo: heard', 'Bo: writing'])
  await ana.page.reload()
  await ana.expectRoom()
  await listen(ana)
  await bo.say('after the reload')
  await expect.poll(() => texts(ana)).toEqual(['Bo: after the reload'])
})

test('older pages of the log are not told', async ({ person }) => {
  const bo = await person('Bo')
  const cy = await person('Cy')
  const room = await bo.create()
  await flood(bo, 150)
  await cy.open(room)
  await cy.expectRoom()
  await listen(cy)
  const before = await cy.rows.count()
  await cy.log.evaluate((log) => (log.scrollTop = 0))
  await expect.poll(() => cy.rows.count()).toBeGreaterThan(before)
  await bo.say('news')
  await expect.poll(() => texts(cy)).toEqual(['Bo: news'])
})

test('what was missed while the line was cut is one sentence', async ({ person, line, quiet }) => {
  test.slow()
  quiet.allow(CUT)
  const { ana, bo } = await twoPeople(person, { base: line.url })
  line.cut()
  await ana.expectStatus('reconnecting', 'offline')
  const missed = Array.from({ length: 12 }, (_, n) => `missed ${n}`)
  await bo.sayAll(missed)
  await ana.say('my own, meanwhile')
  line.pass()
  await ana.expectStatus('live')
  await expect.poll(() => texts(ana)).toEqual(['12 new messages'])
})

test('a message that was not sent is told of once', async ({ person }) => {
  const { ana, bo } = await twoPeople(person)
  await ana.postsAreRefused()
  await listen(ana)
  await ana.say('never')
  await expect(ana.row('never')).toHaveAttribute('data-status', 'failed')
  await expect.poll(() => texts(ana)).toEqual(['Not sent'])
  await bo.say('and on')
  await expect.poll(() => texts(ana)).toEqual(['Not sent', 'Bo: and on'])
  await expect(ana.page.getByRole('alert').filter({ hasText: 'Not sent' })).toHaveCount(0)
})

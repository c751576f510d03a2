// What becomes of a text from the first letter until it has gone: it waits when its author is too
// fast, is kept when the page goes, and says when it is too long.

import type { Page } from '@playwright/test'
import { expectAccessible } from './support/axe'
import { holdBack } from './support/held'
import { drafts, expectKept } from './support/kept'
import { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

/** Types and sends them all before the page draws once. */
const burst = (page: Page, texts: string[]) =>
  page.getByRole('textbox', { name: 'Message' }).evaluate((box: HTMLTextAreaElement, texts) => {
    for (const text of texts) {
      box.value = text
      box.dispatchEvent(new InputEvent('input', { bubbles: true }))
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }))
    }
  }, texts)

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name} ${at + 1}`)

const composer = (person: Person) => person.page.locator('.composer')
const note = (person: Person) => person.page.locator('#note')

/** Whatever is said aloud about the box from now on. */
const listen = (page: Page) =>
  page.locator('#note-said').evaluate((said) => {
    const heard: string[] = []
    Object.assign(window, { heard })
    new MutationObserver(() => said.textContent && heard.push(said.textContent)).observe(said, { childList: true })
  })

test.describe('with the limit that everyone has', () => {
  test.use({ settings: [] })

  test('what is too fast waits, says so, and goes by itself in order', async ({ person }) => {
    const [ana, bo] = [await person('Ana'), await person('Bo')]
    await bo.join(await ana.create())
    await listen(ana.page)
    const said = numbered('ana', 15)
    await burst(ana.page, said)
    await expect(composer(ana)).toHaveAttribute('data-state', 'waiting')
    await expect(ana.send).toHaveAttribute('data-wait', /^[1-6]$/)
    await expect(note(ana)).toHaveText(/^You can send again in [1-6] s$/)
    await expect(ana.box).toHaveAccessibleDescription(/^You can send again/)
    await ana.expectWaiting('ana 15')
    // The next one is written and sent meanwhile, and waits for its turn.
    await ana.say('and one more')
    await bo.say('Take your time')
    await expect(ana.row('Take your time')).toHaveCount(1)
    await expect(ana.unsent).not.toHaveCount(0)
    await expect(composer(ana)).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
    await expect(ana.send).not.toHaveAttribute('data-wait')
    await expect(note(ana)).toHaveText('You write as \u2068Ana\u2069')
    await expect(bo.rows).toHaveCount(said.length + 2)
    const texts = await bo.rows.locator('.message__bubble').allTextContents()
    expect(texts.filter((text) => text !== 'Take your time')).toEqual([...said, 'and one more'])
    await ana.expectSaid(texts)
    expect(await ana.page.evaluate('heard')).toEqual([expect.stringMatching(/^You can send again in/)])
  })

  test('two tabs of one person share the limit, and nothing fails', async ({ person }) => {
    const [ana, bo] = [await person('Ana'), await person('Bo')]
    const room = await ana.create()
    await bo.join(room)
    const tab = await ana.page.context().newPage()
    const again = new Person('Ana', tab, ana.base)
    await again.open(room)
    await again.expectRoom()
    const [one, other] = [numbered('one', 8), numbered('other', 8)]
    await Promise.all([burst(ana.page, one), burst(tab, other)])
    await expect(bo.rows).toHaveCount(16, { timeout: 20_000 })
    const texts = await bo.rows.locator('.message__bubble').allTextContents()
    expect(texts.filter((text) => text.startsWith('one'))).toEqual(one)
    expect(texts.filter((text) => text.startsWith('other'))).toEqual(other)
    for (const each of [ana, again]) await each.expectSaid(texts)
  })

})

test.describe('with a limit of one in ten seconds', () => {
  test.use({ settings: ['--post-burst', '1', '--posts-per-minute', '6'] })

  test('without JavaScript it is refused for a while, and the text stays', async ({ person, quiet }) => {
    quiet.allow(/status of 429/)
    const ana = await person('Ana', { javaScriptEnabled: false })
    await ana.create()
    await ana.say('one')
    await ana.box.fill('too much')
    await ana.send.click()
    await expect(ana.page.getByRole('alert').filter({ hasText: 'That was too fast' })).toBeVisible()
    await expect(async () => {
      await expect(ana.box).toHaveValue('too much')
      await ana.send.click()
      await expect(ana.row('too much')).toHaveCount(1, { timeout: 1000 })
    }).toPass()
    await expect(ana.box).toHaveValue('')
    await ana.expectSaid(['one', 'too much'])
  })
})

for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
  test.describe(() => {
    test.use({ settings: ['--post-burst', '1', '--posts-per-minute', '1'] })

    test(`waiting, near and over the limit can be used by everyone, ${size}`, async ({ person }) => {
      test.slow()
      const ana = await person('Ana', { viewport, hasTouch: size === 'phone' })
      await ana.create()
      await ana.box.fill('x'.repeat(3962))
      await expect(note(ana)).toHaveText('38 left')
      await expectAccessible(ana.page)
      await ana.box.fill('x'.repeat(4012))
      await expect(note(ana)).toHaveText('12 too many')
      await expectAccessible(ana.page)
      await ana.box.fill('')
      await ana.say('one')
      await expect(composer(ana)).toHaveAttribute('data-state', 'waiting')
      await expectAccessible(ana.page)
    })
  })
}

test('the last characters are counted down, and too many go nowhere', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await listen(ana.page)
  await ana.box.fill('x'.repeat(3600))
  await expect(note(ana)).toHaveText('You write as \u2068Ana\u2069')
  for (const [text, left] of [
    ['x'.repeat(3601), '399 left'],
    // Two characters each for a program, and one for people.
    ['e\u0301'.repeat(3962), '38 left'],
    // 25 bytes each.
    ['👩‍👩‍👧‍👦'.repeat(654), '1 left'],
  ] as const) {
    await ana.box.fill(text)
    await expect(note(ana)).toHaveText(left)
    await expect(composer(ana)).toHaveAttribute('data-near-limit')
  }
  const long = 'x'.repeat(4001)
  await ana.box.fill(long)
  await expect(note(ana)).toHaveText('1 too many')
  await expect(composer(ana)).toHaveAttribute('data-over-limit')
  await expect(ana.send).toHaveAttribute('aria-disabled', 'true')
  await ana.box.press('Control+Enter')
  await expect(ana.page.getByRole('alert').filter({ hasText: 'at most 4000 characters' })).toBeVisible()
  await expect(ana.box).toHaveValue(long)
  await expect(ana.rows).toHaveCount(0)
  await ana.box.press('Backspace')
  await expect(note(ana)).toHaveText('0 left')
  await expect(ana.page.getByRole('alert').filter({ hasText: 'at most' })).toHaveCount(0)
  await ana.box.press('Control+Enter')
  await ana.expectSaid([long.slice(1)])
  expect(await ana.page.evaluate('heard')).toEqual(['399 left', '1 too many', '0 left'])
})

test('4,001 characters come back with their reason without JavaScript', async ({ person, quiet }) => {
  quiet.allow(/status of 422/)
  const ana = await person('Ana', { javaScriptEnabled: false })
  await ana.create()
  await ana.box.fill('x'.repeat(4001))
  await ana.send.click()
  await expect(ana.page.getByRole('alert').filter({ hasText: 'at most 4000 characters' })).toBeVisible()
  await expect(ana.box).toHaveValue('x'.repeat(4001))
  await expect(ana.send).toBeInViewport()
  await ana.box.fill('x'.repeat(4000))
  await ana.send.click()
  await ana.expectSaid(['x'.repeat(4000)])
})

test('a draft outlives a reload, a closed tab and a visit elsewhere, until it is sent', async ({ person }) => {
  const ana = await person('Ana')
  const [one, other] = [await ana.create(), await ana.create()]
  await ana.open(one)
  await ana.expectRoom()
  await ana.box.fill('Half a thought,\n')
  await ana.page.reload()
  await ana.expectRoom()
  await expect(ana.box).toHaveValue('Half a thought,\n')
  await ana.box.fill('Half a thought, and more')
  // From here on no tab has a chance to say goodbye.
  await expect.poll(() => drafts(ana.page)).toEqual(['Half a thought, and more'])
  const tab = await ana.page.context().newPage()
  await ana.page.close()

  const again = new Person('Ana', tab, ana.base)
  await again.open(other)
  await again.expectRoom()
  await expect(again.box).toHaveValue('')
  await again.open(one)
  await expect(again.box).toHaveValue('Half a thought, and more')
  await again.box.press('Control+Enter')
  await again.expectSaid(['Half a thought, and more'])
  await again.page.reload()
  await again.expectRoom()
  await expect(again.box).toHaveValue('')
  expect(await drafts(again.page)).toEqual([])
})

test('what is typed before the page is alive, or was refused, is newer than a draft', async ({ person, quiet }) => {
  quiet.allow(/status of 422/)
  const ana = await person('Ana')
  const room = await ana.create()
  await ana.box.fill('Kept')
  await expect.poll(() => drafts(ana.page)).toEqual(['Kept'])
  const letGo = await holdBack(ana.page, '**/*.wasm')
  await ana.page.goto(ana.base + room, { waitUntil: 'commit' })
  // As a plain form, which comes back.
  await ana.box.fill('x'.repeat(4001))
  await ana.send.click()
  await expect(ana.page.getByRole('alert').filter({ hasText: 'at most' })).toBeVisible()
  letGo()
  await ana.expectStatus('live')
  await expect(note(ana)).toHaveText('1 too many')
  await ana.box.fill('Early')
  await expect.poll(() => drafts(ana.page)).toEqual(['Early'])
})

test('without a line one writes on, and a reload loses neither what was sent nor what was begun', async ({ person, line, quiet }) => {
  quiet.allow(CUT)
  const [ana, bo] = [await person('Ana', { base: line.url }), await person('Bo')]
  await bo.join(await ana.create())
  line.cut('live')
  await ana.expectStatus('reconnecting', 'offline')
  await ana.say('on its way')
  await ana.box.fill('half writ')
  await expect(composer(ana)).toHaveAttribute('data-state', 'ready')
  await expectKept(ana.page, 1)
  await ana.page.reload()
  await ana.expectWaiting('on its way')
  await expect(ana.box).toHaveValue('half writ')
  line.pass()
  await bo.expectSaid(['on its way'])
  await expect(ana.box).toHaveValue('half writ')
})

test('a text that came with a name that cannot be is not lost', async ({ person, quiet }) => {
  quiet.allow(/status of 409/)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await ana.create()
  await bo.open(room)
  await bo.expectRoom()
  await bo.yourName.fill('Ana')
  await bo.box.fill('Hello from Bo')
  await bo.send.click()
  await expect(bo.page.getByRole('alert').filter({ hasText: 'Somebody here has that name' })).toBeVisible()
  await bo.expectWaiting('Hello from Bo')
  await bo.yourName.fill('Bo')
  await bo.button('Join').click()
  await ana.expectSaid(['Hello from Bo'])
})

test('what failed is sent again or thrown away, and the box has the focus', async ({ person }) => {
  const ana = await person('Ana')
  // The server finds three letters where the browser sees one.
  const failing = '\u{1D160}'.repeat(1400)
  await ana.create()
  await ana.say('Fine')
  const failed = ana.log.locator('[data-status=failed]')
  await ana.box.fill(failing)
  await ana.box.press('Control+Enter')
  await expect(failed).toHaveCount(1)
  await expect(failed).toContainText('Not sent')
  // It holds nobody up.
  await ana.say('And this')
  await expect(ana.row('And this')).toHaveAttribute('data-status', 'sent')
  await ana.page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const log = document.querySelector('[role=log]') as Element
    new MutationObserver(() => {
      const now = log.querySelector('[data-message]:not([data-status=sent])')?.getAttribute('data-status') ?? 'gone'
      if (seen.at(-1) !== now) seen.push(now)
    }).observe(log, { subtree: true, childList: true, attributes: true })
  })
  await failed.getByRole('button', { name: 'Retry' }).click()
  await expect(ana.box).toBeFocused()
  await expect.poll(() => ana.page.evaluate('seen')).toEqual(['pending', 'failed'])
  await failed.getByRole('button', { name: 'Discard' }).click()
  await expect(ana.box).toBeFocused()
  await ana.expectSaid(['Fine', 'And this'])
  await ana.page.reload()
  await ana.expectRoom()
  await ana.expectSaid(['Fine', 'And this'])
})

test('what the server would not have once, goes with Retry', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  let refuse = true
  await ana.page.routeWebSocket(/\/live/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((text) => {
      const { n, command } = JSON.parse(String(text)) as { n: number; command: { post?: object } }
      if (!command.post || !refuse) return server.send(text)
      refuse = false
      socket.send(JSON.stringify({ refused: { n, refusal: 'not_a_member' } }))
    })
  })
  await bo.join(await ana.create())
  await ana.say('one')
  await expect(ana.row('one')).toHaveAttribute('data-status', 'failed')
  await ana.button('Retry').click()
  await expect(ana.box).toBeFocused()
  await ana.say('two')
  await bo.expectSaid(['one', 'two'])
})

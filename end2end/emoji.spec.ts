// Emoji: from the picker, by search, by their names between colons.

import { emojiOf } from './support/emoji'
import { expect, test } from './support/test'

test.describe('the picker', () => {
  // Phones have a keyboard with emoji.
  test.skip(({ isMobile }) => isMobile, 'the button is for wide rooms')

  test('what is picked stands where the caret was, and can be undone', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    await ana.box.fill('Low tide')
    await ana.box.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(4, 4))
    await emoji.open()
    await expect(emoji.search).toBeFocused()
    await emoji.one('crab').click()
    await expect(emoji.panel).toBeHidden()
    await expect(ana.box).toBeFocused()
    await expect(ana.box).toHaveValue('Low 🦀tide')
    await ana.page.keyboard.press('ControlOrMeta+z')
    await expect(ana.box).toHaveValue('Low tide')
    await ana.page.keyboard.press('ControlOrMeta+y')
    await ana.page.keyboard.type('!')
    await ana.page.keyboard.press('Enter')
    await ana.expectSaid(['Low 🦀!tide'])
  })

  test('with Shift it stays open for the next one', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    await emoji.open()
    await emoji.one('crab').click({ modifiers: ['Shift'] })
    await emoji.one('water wave').click()
    await expect(emoji.panel).toBeHidden()
    await expect(ana.box).toHaveValue('🦀🌊')
  })

  test('a search finds names, codes and what else it is called', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    await emoji.open()
    const all = await emoji.panel.locator('[data-codes]:visible').count()
    for (const [query, found, other] of [
      ['smile', 'grinning face with smiling eyes', 'crab'],
      ['thumb', 'thumbs up', 'crab'],
      ['+1', 'thumbs up', 'thumbs down'],
      ['CAT', 'cat face', 'round pushpin'],
      ['grin cat', 'grinning cat', 'cat face'],
    ] as const) {
      await emoji.search.fill(query)
      await expect(emoji.one(other)).toBeHidden()
      await expect(emoji.one(found).first()).toBeVisible()
    }
    await emoji.search.fill('no such thing')
    await expect(emoji.panel.getByRole('status')).toHaveText('No emoji is called that')
    await expect(emoji.panel.locator('[data-codes]:visible')).toHaveCount(0)
    await emoji.search.fill('')
    await expect(emoji.panel.getByRole('status')).toBeEmpty()
    await expect(emoji.panel.locator('[data-codes]:visible')).toHaveCount(all)
    await emoji.search.fill('crab')
    await emoji.search.press('Enter')
    await expect(ana.box).toHaveValue('🦀')
  })

  test('what was used last comes first, after a reload too', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    await emoji.open()
    await expect(emoji.kind('Last used')).toBeHidden()
    await emoji.one('crab').click()
    await ana.box.pressSequentially(':thumbsup:')
    await expect(ana.box).toHaveValue('🦀👍')
    for (const reload of [false, true]) {
      if (reload) await ana.page.reload()
      await ana.expectRoom()
      await emoji.open()
      await expect(emoji.kind('Last used').getByRole('button')).toHaveText(['👍', '🦀'])
      await emoji.search.press('Escape')
    }
    await emoji.open()
    await expect(emoji.one('Last used')).toHaveAttribute('aria-pressed', 'true')
    await emoji.kind('Last used').getByRole('button', { name: 'crab' }).click()
    await expect(ana.box).toHaveValue(/🦀$/)
    await emoji.open()
    await expect(emoji.kind('Last used').getByRole('button')).toHaveText(['🦀', '👍'])
  })

  test('a kind’s button leads to it', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    await emoji.open()
    await expect(emoji.one('Smileys')).toHaveAttribute('aria-pressed', 'true')
    await expect(emoji.one('crab')).not.toBeInViewport()
    await emoji.search.fill('smile')
    await emoji.one('Food').click()
    await expect(emoji.search).toHaveValue('')
    await expect(emoji.one('grapes')).toBeInViewport()
    await expect(emoji.one('Food')).toHaveAttribute('aria-pressed', 'true')
    await emoji.kind('Flags').scrollIntoViewIfNeeded()
    await expect(emoji.one('Food')).toHaveAttribute('aria-pressed', 'false')
  })

  test('it can be used by keyboard alone', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    const press = (key: string) => ana.page.keyboard.press(key)
    await ana.box.focus()
    await press('Tab')
    await expect(emoji.button).toBeFocused()
    await press('Enter')
    await expect(emoji.search).toBeFocused()
    await press('Tab')
    await expect(emoji.one('Smileys')).toBeFocused()
    await press('ArrowRight')
    await expect(emoji.one('People')).toBeFocused()
    await press('Home')
    await expect(emoji.one('Smileys')).toBeFocused()
    await press('Tab')
    await expect(emoji.one('grinning face')).toBeFocused()
    await press('ArrowRight')
    await expect(emoji.one('grinning face with big eyes')).toBeFocused()
    await press('ArrowDown')
    await press('ArrowUp')
    await expect(emoji.one('grinning face with big eyes')).toBeFocused()
    await press('Escape')
    await expect(emoji.panel).toBeHidden()
    await expect(emoji.button).toBeFocused()

    await press('Enter')
    await expect(emoji.search).toBeFocused()
    await ana.page.keyboard.type('thumbs')
    await press('ArrowDown')
    await expect(emoji.one('thumbs up')).toBeFocused()
    await press('Enter')
    await expect(ana.box).toBeFocused()
    await expect(ana.box).toHaveValue('👍')
    await press('Enter')
    await ana.expectSaid(['👍'])
  })

  test('it opens at its button, inside the window', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    for (const dir of ['ltr', 'rtl']) {
      await ana.page.locator('html').evaluate((html, dir) => html.setAttribute('dir', dir), dir)
      await emoji.open()
      await expect
        .poll(async () => {
          const [panel, button] = [await emoji.panel.boundingBox(), await emoji.button.boundingBox()]
          const { width } = ana.page.viewportSize() ?? { width: 0 }
          if (!panel || !button) return 'not drawn'
          const ends = dir === 'ltr' ? panel.x + panel.width - (button.x + button.width) : panel.x - button.x
          if (Math.abs(ends) > 8) return `ends ${ends} px off`
          if (panel.y < 0 || panel.y + panel.height > button.y) return 'covers its button'
          return panel.x >= 0 && panel.x + panel.width <= width ? 'at its button' : 'outside'
        })
        .toBe('at its button')
      await emoji.search.press('Escape')
    }
  })

  test('it is loaded when it is first needed, once', async ({ person }) => {
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    const asked: string[] = []
    ana.page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/emoji/en') asked.push(request.url())
    })
    await ana.create()
    await ana.say('Nothing to see: here')
    expect(asked).toEqual([])
    await emoji.open()
    await emoji.search.press('Escape')
    await ana.box.pressSequentially(':cra')
    await expect(emoji.chosen).toContainText(':crab:')
    expect(asked).toHaveLength(1)
  })

  test('it says when it cannot be loaded, and tries again', async ({ person, quiet }) => {
    quiet.allow(/net::ERR_|NS_ERROR_|Failed to load/)
    const ana = await person('Ana')
    const emoji = emojiOf(ana)
    await ana.create()
    await ana.page.route('**/emoji/*', (route) => route.abort())
    await emoji.button.click()
    await expect(emoji.panel.getByRole('status')).toHaveText('Emoji did not load. Close this and open it again.')
    await ana.page.unroute('**/emoji/*')
    await ana.page.keyboard.press('Escape')
    await expect(emoji.panel).toBeHidden()
    await emoji.open()
    await emoji.one('crab').click()
    await expect(ana.box).toHaveValue('🦀')
  })
})

test('a half-typed name is completed from the box', async ({ person }) => {
  const ana = await person('Ana')
  const emoji = emojiOf(ana)
  await ana.create()
  // Until they are loaded, nothing is proposed in any case.
  await ana.box.pressSequentially(':smi')
  await expect(emoji.list).toBeVisible()
  await ana.box.fill('')
  await ana.box.pressSequentially('Well :s')
  await expect(emoji.list).toBeHidden()
  await ana.box.pressSequentially('mi')
  await expect(emoji.options).toHaveCount(6)
  await expect(ana.box).toBeFocused()
  await expect(ana.box).toHaveAttribute('aria-autocomplete', 'list')
  const first = emoji.options.first()
  await expect(first).toHaveAttribute('aria-selected', 'true')
  await expect(ana.box).toHaveAttribute('aria-activedescendant', (await first.getAttribute('id')) ?? '')
  await expect(first).toContainText(':smile:')

  await ana.page.keyboard.press('ArrowDown')
  await expect(emoji.options.nth(1)).toHaveAttribute('aria-selected', 'true')
  await expect(ana.box).toHaveAttribute('aria-activedescendant', (await emoji.options.nth(1).getAttribute('id')) ?? '')
  await ana.page.keyboard.press('ArrowUp')
  await ana.page.keyboard.press('ArrowUp')
  await expect(emoji.options.last()).toHaveAttribute('aria-selected', 'true')
  await ana.page.keyboard.press('ArrowDown')
  await ana.page.keyboard.press('Enter')
  await expect(ana.box).toHaveValue('Well 😄')
  await expect(emoji.list).toBeHidden()
  await expect(ana.box).not.toHaveAttribute('aria-activedescendant')

  await ana.box.pressSequentially(' :crab')
  await expect(emoji.chosen).toContainText(':crab:')
  await ana.page.keyboard.press('Tab')
  await expect(ana.box).toHaveValue('Well 😄 🦀')
  await expect(ana.box).toBeFocused()
  await expect(ana.rows).toHaveCount(0)
  await ana.send.click()
  await ana.expectSaid(['Well 😄 🦀'])
})

test('Escape closes the list and leaves the text', async ({ person }) => {
  const ana = await person('Ana')
  const emoji = emojiOf(ana)
  await ana.create()
  await ana.box.pressSequentially(':smi')
  await expect(emoji.list).toBeVisible()
  await ana.page.keyboard.press('Escape')
  await expect(emoji.list).toBeHidden()
  await expect(ana.box).toBeFocused()
  await expect(ana.box).toHaveValue(':smi')
  await ana.send.click()
  await ana.expectSaid([':smi'])
})

test('a whole name becomes its emoji at once, but not in code', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await ana.box.pressSequentially('So :tad')
  await expect(emojiOf(ana).chosen).toContainText(':tada:')
  await ana.box.pressSequentially('a:! `:tada:` 10:30:')
  await expect(ana.box).toHaveValue('So 🎉! `:tada:` 10:30:')
  await ana.box.fill('')
  await ana.box.pressSequentially('(:+1:) :nonesuch:')
  await expect(ana.box).toHaveValue('(👍) :nonesuch:')
})

test('what is proposed can be tapped or clicked', async ({ person, isMobile }) => {
  const ana = await person('Ana')
  const emoji = emojiOf(ana)
  await ana.create()
  await ana.box.pressSequentially(':cra')
  const crab = emoji.options.filter({ hasText: ':crab:' })
  await (isMobile ? crab.tap() : crab.click())
  await expect(ana.box).toHaveValue('🦀')
  await expect(ana.box).toBeFocused()
  await expect(emoji.list).toBeHidden()
})

test('nothing is proposed while an input method composes', async ({ person, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium can be told to compose')
  const ana = await person('Ana')
  const emoji = emojiOf(ana)
  await ana.create()
  await ana.box.pressSequentially(':smi')
  await expect(emoji.list).toBeVisible()
  await ana.box.fill('')
  await expect(emoji.list).toBeHidden()
  const input = await ana.page.context().newCDPSession(ana.page)
  for (const text of [':s', ':sm', ':smi']) {
    await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    await expect(ana.box).toHaveValue(text)
    await expect(emoji.list).toBeHidden()
  }
  await input.send('Input.insertText', { text: ':smi' })
  await expect(ana.box).toHaveValue(':smi')
  await ana.box.pressSequentially('l')
  await expect(emoji.chosen).toContainText(':smile:')
})

test('on a phone the panel rises from the bottom', async ({ person, isMobile }) => {
  test.skip(!isMobile, 'elsewhere it hangs from its button')
  const ana = await person('Ana')
  const emoji = emojiOf(ana)
  await ana.create()
  await emoji.rise()
  await expect(emoji.search).not.toBeFocused()
  const size = await ana.page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
  await expect
    .poll(async () => {
      const box = await emoji.panel.boundingBox()
      return box && [Math.round(box.x), Math.round(box.width), Math.round(box.y + box.height)]
    })
    .toEqual([0, size.width, size.height])
})

test('without JavaScript there is no button that does nothing', async ({ person, browserName }) => {
  test.skip(browserName === 'firefox', 'driven so, it does not tell the page that scripts are off')
  const ana = await person('Ana', { javaScriptEnabled: false })
  await ana.create()
  await expect(emojiOf(ana).button).toHaveCount(0)
})

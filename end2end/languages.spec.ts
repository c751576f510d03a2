// Languages: chosen or asked for, and with all that turns round where lines begin at the right.

import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './support/axe'
import { sends } from './support/forms'
import type { Person } from './support/person'
import { expect, test } from './support/test'

/** On the page of settings, by hand. */
const choose = async ({ page, base }: Person, language: string) => {
  await page.goto(`${base}/settings`)
  await page.locator('#language').selectOption(language)
  await sends(page.locator('form[action="/look"] button'))
}

const expectLanguage = (page: Page, lang: string, dir = 'ltr') =>
  expect(page.locator(`html[lang=${lang}][dir=${dir}]`)).toBeAttached()

for (const javaScriptEnabled of [true, false]) {
  test(`a language that was chosen holds, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ person }) => {
    const ana = await person('Ana', { javaScriptEnabled })
    const room = await ana.create()
    await choose(ana, 'ar')
    await expectLanguage(ana.page, 'ar', 'rtl')
    await expect(ana.page.locator('#language')).toHaveValue('ar')
    await ana.open(room)
    await expectLanguage(ana.page, 'ar', 'rtl')
    await ana.open()
    // Another choice, by a page that knows its own only.
    await ana.page.getByRole('button', { name: 'المظهر' }).click()
    await expectLanguage(ana.page, 'ar', 'rtl')
    await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'light')
    await expect(ana.page.getByRole('button', { name: 'إنشاء غرفة' })).toBeVisible()
    await choose(ana, 'de')
    await expect(ana.page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible()
    await choose(ana, '')
    await expectLanguage(ana.page, 'en')
  })
}

test('a language that was chosen elsewhere meanwhile is not undone by an open room', async ({ person, isMobile }) => {
  test.skip(isMobile, 'the theme is chosen where there is room')
  const ana = await person('Ana')
  await ana.create()
  const other = await ana.page.context().newPage()
  await choose({ ...ana, page: other } as Person, 'es')
  await ana.button('Theme').click()
  await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'light')
  await other.reload()
  await expectLanguage(other, 'es')
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'light')
})

for (const [locale, lang, create, joined] of [
  ['de-AT', 'de', 'Raum erstellen', 'Bo ist beigetreten'],
  ['es-MX', 'es', 'Crear una sala', 'Bo ha entrado'],
  ['ar-EG', 'ar', 'إنشاء غرفة', 'انضم Bo'],
  ['fr-FR', 'en', 'Create a room', 'Bo joined'],
] as const) {
  test(`a browser that asks for ${locale} gets ${lang}, from server and script alike`, async ({ person, browserName }) => {
    test.skip(browserName === 'firefox', 'its headers cannot be told')
    const ana = await person('Ana', { locale })
    const bo = await person('Bo')
    await ana.open()
    await expectLanguage(ana.page, lang, lang === 'ar' ? 'rtl' : 'ltr')
    await ana.page.locator('#name').fill('Ana')
    await ana.page.getByRole('button', { name: create }).click()
    await ana.expectStatus('live')
    await bo.join(new URL(ana.page.url()).pathname)
    // What the browser writes.
    await expect(ana.page.locator('.timeline__line')).toHaveText(joined.replace('Bo', '\u2068Bo\u2069'))
    await bo.say('Servus')
    const time = ana.page.locator('.message__time')
    const title = await time.getAttribute('title')
    const day = await ana.page.locator('.divider__day').textContent()
    // What the server draws is the same.
    await ana.page.reload()
    await expect(time).toHaveAttribute('title', title ?? '')
    await expect(ana.page.locator('.divider__day')).toHaveText(day ?? '')
  })
}

test('browsers count as the server does', async ({ person }) => {
  const plurals = JSON.parse(await readFile('../app/src/words/plurals.json', 'utf8')) as Record<string, Record<string, number[]>>
  expect(Object.keys(plurals)).toEqual(['en', 'de', 'es', 'ar'])
  const ana = await person('Ana')
  await ana.open()
  const counted = await ana.page.evaluate((plurals) => {
    const select = (lang: string, count: number) => new Intl.PluralRules(lang).select(count)
    const all = (lang: string, known: Record<string, number[]>) =>
      Object.entries(known).map(([category, counts]) => [category, counts.filter((count) => select(lang, count) === category)])
    return Object.fromEntries(Object.entries(plurals).map(([lang, known]) => [lang, Object.fromEntries(all(lang, known))]))
  }, plurals)
  expect(counted).toEqual(plurals)
})

test('what the browser counts has the forms of the language', async ({ person }) => {
  test.slow()
  const ana = await person('Ana')
  const room = await ana.create()
  for (const [language, notes] of [
    ['en', ['1 too many', '2 too many', '3 too many']],
    ['es', ['sobra 1', 'sobran 2', 'sobran 3']],
    ['ar', ['حرف واحد زائد', 'حرفان زائدان', '3 أحرف زائدة']],
  ] as const) {
    await choose(ana, language)
    await ana.open(room)
    await ana.expectStatus('live')
    for (const [at, note] of notes.entries()) {
      await ana.page.locator('#message').evaluate((box: HTMLTextAreaElement, length) => {
        box.value = 'x'.repeat(length)
        box.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }, 4001 + at)
      await expect(ana.page.locator('#note')).toHaveText(note)
    }
  }
})

/** What a reader sees or hears in Latin letters, but for what is the same in every language. */
const latin = (page: Page) =>
  page.evaluate(() => {
    const texts = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const own = 'script, style, noscript, option[lang], bdi, .avatar, .message__bubble, [dir=ltr], .mono, .room-code, .emoji-picker__set'
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest(own)) texts.push(node.nodeValue ?? '')
    }
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('.emoji-picker__set')) continue
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-failed', 'data-none', 'data-key']) {
        texts.push(element.getAttribute(name) ?? '')
      }
    }
    // What somebody wrote is isolated; names of things, codes and addresses are what they are.
    const plain = (text: string) =>
      text.replace(/\u2068[^\u2069]*\u2069/g, '').replace(/Parley|JavaScript|JSON|QR|\b[A-Z]{4,5}\b/g, '')
    return [...new Set(texts.filter((text) => /[A-Za-z]/.test(plain(text))))]
  })

const box = async (part: Locator) => {
  const box = await part.boundingBox()
  if (!box) throw new Error('it is not drawn')
  return { left: box.x, right: box.x + box.width, middle: box.x + box.width / 2 }
}

test('in Arabic everything is said in Arabic', async ({ person }) => {
  test.slow()
  const ana = await person('Ana')
  const bo = await person('Bo')
  // A name would be somebody's words.
  await ana.open('/new')
  await ana.yourName.fill('Ana')
  await ana.page.getByRole('textbox', { name: 'Room name' }).fill('')
  await ana.button('Create a room').click()
  await ana.expectRoom()
  const room = new URL(ana.page.url()).pathname
  await bo.join(room)
  await bo.say('Low tide at six')
  await ana.expectSaid(['Low tide at six'])
  await bo.leave()
  await bo.open(room)
  // Else it would find nothing anywhere.
  expect(await latin(ana.page)).toContain('Leave room')
  await choose(ana, 'ar')
  expect(await latin(ana.page)).toEqual([])
  await ana.open()
  expect(await latin(ana.page)).toEqual([])
  await ana.open('/settings')
  expect(await latin(ana.page)).toEqual([])
  await ana.open(room)
  await ana.expectStatus('live')
  await bo.yourName.fill('Bo')
  await bo.button('Join').click()
  await bo.say('A lamp, too')
  await expect(ana.page.locator('.message__bubble')).toHaveCount(2)
  await ana.page.locator('#message').pressSequentially(':smi')
  await expect(ana.page.locator('.suggest__one').first()).toBeVisible()
  await ana.page.keyboard.press('Escape')
  await ana.page.locator('#message').fill('')
  await ana.page.locator('#emoji').evaluate((panel: HTMLElement) => panel.showPopover())
  await expect(ana.page.locator('.emoji-picker__one').first()).toBeVisible()
  await ana.page.keyboard.press('Escape')
  await ana.page.locator('header .connection').click()
  await expect(ana.page.locator('#connection')).toBeVisible()
  expect(await latin(ana.page)).toEqual([])
})

test('in Arabic the page is mirrored, and code is not', async ({ person, isMobile }) => {
  test.slow()
  const options = isMobile ? {} : { viewport: { width: 1400, height: 800 } }
  const ana = await person('آنا', options)
  const bo = await person('Bo')
  const room = await ana.create()
  await bo.join(room)
  await choose(ana, 'ar')
  await ana.open(room)
  await ana.expectStatus('live')
  const part = (selector: string) => ana.page.locator(selector)
  await bo.say('Hello')
  // Lines that are filled in are typed in some browsers, and there each would be sent.
  await bo.box.evaluate((box: HTMLTextAreaElement) => {
    box.value = 'Try `/r/KMRT`:\n```\ncurl -d "B 07:05" https://parley.example/r/KMRT\n```'
    box.dispatchEvent(new InputEvent('input', { bubbles: true }))
  })
  await bo.send.click()
  await expect(part('.message__bubble pre')).toBeVisible()
  await part('#message').fill('شكرًا!')
  await part('.composer__send').click()
  await expect(part('[data-own][data-status=sent] .message__bubble')).toBeVisible()

  const log = await box(part('.timeline__inner'))
  const [own, others] = [await box(part('[data-own] .message__bubble')), await box(part('.message__bubble').filter({ hasText: 'Hello' }))]
  expect(own.left - log.left).toBeLessThan(log.right - own.right)
  expect(log.right - others.right).toBeLessThan(others.left - log.left)
  expect((await box(part('.message__avatar'))).left).toBeGreaterThan(others.right)
  expect((await box(part('.composer__send'))).right).toBeLessThan((await box(part('#message'))).left + 1)
  for (const code of ['.message__bubble pre', '.message__bubble p code']) {
    await expect(part(code)).toHaveCSS('direction', 'ltr')
  }
  const back = part('.room-header .icon[data-mirror]:visible').first()
  await expect(back).toHaveCSS('scale', '-1 1')
  if (isMobile) {
    await expect(part('.rail')).toBeHidden()
    expect((await box(back)).left).toBeGreaterThan((await box(part('#room-name'))).right)
  } else {
    expect((await box(part('.rail'))).left).toBeGreaterThanOrEqual((await box(part('.layout-room'))).right - 1)
    expect((await box(part('#people'))).right).toBeLessThanOrEqual((await box(part('.layout-room__talk'))).left + 1)
    // A name stands at its picture, whatever it is written in.
    expect((await box(part('#people bdi').filter({ hasText: 'Bo' }))).right).toBeGreaterThan((await box(part('#people'))).middle)
  }
  await expectAccessible(ana.page)
  // Nothing lies beyond the page's edge.
  const sideways = () => ana.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await sideways()).toBe(0)

  // A popover begins where its button does, or ends there if it would not fit.
  for (const [button, panel] of [['.room-header [popovertarget=room-menu]', '#room-menu'], ['header .connection', '#connection']] as const) {
    await part(button).click()
    await expect(part(panel)).toBeVisible()
    if (!isMobile) {
      const [opener, opened] = [await box(part(button)), await box(part(panel))]
      const aligned = Math.min(Math.abs(opener.right - opened.right), Math.abs(opener.left - opened.left))
      expect(aligned, panel).toBeLessThanOrEqual(2)
      expect(opened.left).toBeGreaterThanOrEqual(0)
      expect(opened.right).toBeLessThanOrEqual(1400)
    }
    await expectAccessible(ana.page)
    await ana.page.keyboard.press('Escape')
    await expect(part(panel)).toBeHidden()
  }
})

test('in Arabic the arrow to the left goes forward among emoji', async ({ person, isMobile }) => {
  test.skip(isMobile, 'a phone has no arrows')
  const ana = await person('Ana')
  const room = await ana.create()
  await choose(ana, 'ar')
  await ana.open(room)
  await ana.expectStatus('live')
  await ana.page.locator('.composer__emoji').click()
  const ones = ana.page.locator('[data-kind=smileys] .emoji-picker__one')
  await expect(ones.first()).toBeVisible()
  await ones.first().focus()
  expect((await box(ones.nth(1))).right).toBeLessThanOrEqual((await box(ones.first())).left + 1)
  await ana.page.keyboard.press('ArrowLeft')
  await expect(ones.nth(1)).toBeFocused()
  await ana.page.keyboard.press('ArrowRight')
  await expect(ones.first()).toBeFocused()
})

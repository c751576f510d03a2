// A room as a file that one keeps: opened from the disk, without a network.

import { copyFileSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'

import type { Person } from './support/person'
import { expect, test } from './support/test'

/** By the room's menu. Returns where the browser has put it. */
const take = async (person: Person, format: string, suffix: string) => {
  await person.button('Room menu').click()
  const [download] = await Promise.all([
    person.page.waitForEvent('download'),
    person.page.getByRole('link', { name: format }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^parley-[A-Z]{4}\\.${suffix}$`))
  return download.path()
}

for (const javaScriptEnabled of [true, false]) {
  test(`the web page opens anywhere, exported with${javaScriptEnabled ? '' : 'out'} JavaScript`, async ({ person, browser }) => {
    const ana = await person('Ana', { javaScriptEnabled })
    await ana.create()
    await ana.box.fill('**Low** tide at `six` <img src=x>')
    await ana.send.click()
    await ana.expectSaid(['Low tide at six <img src=x>'])
    await ana.say('see https://example.org/')
    await ana.expectSaid(['Low tide at six <img src=x>', 'see https://example.org/'])
    const file = await take(ana, 'Web page', 'html')
    if (javaScriptEnabled) await expect(ana.page.getByRole('navigation', { name: 'Room menu' })).toBeHidden()

    const reader = await browser.newContext({ offline: true, viewport: { width: 390, height: 800 } })
    const page = await reader.newPage()
    const complaints: string[] = []
    const asked: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => asked.push(request.url()))
    // A browser reads a file on the disk as what its name says.
    const path = `${file}.html`
    copyFileSync(file, path)
    await page.goto(pathToFileURL(path).href)
    const said = page.getByRole('article')
    await expect(said).toHaveCount(2)
    await expect(said.first()).toContainText('Low tide at six <img src=x>')
    await expect(said.first().locator('strong')).toHaveText('Low')
    await expect(said.last().getByRole('link', { name: 'https://example.org/' })).toBeVisible()
    await expect(page.getByText('2 messages')).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect({ complaints, asked }).toEqual({ complaints: [], asked: [pathToFileURL(path).href] })
    await reader.close()
  })
}

test('JSON is as its schema says, and text is text', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  await bo.join(await ana.create())
  await bo.say('I bring the lamp')
  await ana.expectSaid(['I bring the lamp'])
  await ana.say('Thanks')
  await ana.expectSaid(['I bring the lamp', 'Thanks'])
  const file = JSON.parse(readFileSync(await take(ana, 'JSON', 'json'), 'utf8'))
  const schema = JSON.parse(readFileSync('../docs/export.schema.json', 'utf8'))
  const valid = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)
  expect(valid(file) || valid.errors).toBe(true)
  expect(file.messages.map(({ text }: { text: string }) => text)).toEqual(['I bring the lamp', 'Thanks'])
  expect(valid({ ...file, messages: [{ ...file.messages[0], seq: 0 }] })).toBe(false)

  const text = readFileSync(await take(ana, 'Text', 'txt'), 'utf8')
  expect(text).toMatch(/\d\d:\d\d {2}Bo: I bring the lamp\n\d\d:\d\d {2}Ana: Thanks\n\n2 messages\n$/)
})

test('a visitor takes nothing along, and who joins can', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  await bo.open(await ana.create())
  await bo.expectRoom()
  const exports = bo.page.getByRole('group', { name: 'Export' })
  await bo.button('Room menu').click()
  await expect(bo.page.getByRole('link', { name: 'Settings' }).last()).toBeVisible()
  await expect(exports).toBeHidden()
  await bo.page.keyboard.press('Escape')
  await bo.yourName.fill('Bo')
  await bo.button('Join').click()
  await bo.button('Room menu').click()
  await expect(exports).toBeVisible()
})

// One person on several devices: how they come to another one, and how they leave it.

import jsQR from 'jsqr'

import { expectAccessible } from './support/axe'
import { drafts, expectKept } from './support/kept'
import type { Person } from './support/person'
import { CUT } from './support/quiet'
import { expect, test } from './support/test'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true }

const heading = ({ page }: Person, name: string) => page.getByRole('heading', { name })
const devices = ({ page }: Person) => page.getByRole('region', { name: 'Devices' }).getByRole('listitem')

/** A link to another device, as it stands in the page. */
const link = async (person: Person) => {
  await person.open('/devices')
  await person.button('Show a code').click()
  const field = person.page.getByRole('textbox', { name: 'Copy this link' })
  await expect(field).toHaveValue(/^http.*\/move\/[0-9a-f]{32}$/)
  return field.inputValue()
}

/** Where a browser is that reaches the server by another address. */
const path = (link: string) => new URL(link).pathname

const follow = async (person: Person, link: string) => {
  await person.open(path(link))
  await expect(heading(person, 'Continue as')).toContainText('Ana')
  await person.button('Continue on this device').click()
  await expect(person.button('Create a room')).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? '' : ', without JavaScript'

  test(`a name and its rooms come along to a phone, and are gone from it${how}`, async ({ person, quiet }) => {
    quiet.allow(/status of 40[34]/)
    const ana = await person('Ana', { javaScriptEnabled })
    const phone = await person('Ana', { ...PHONE, javaScriptEnabled })
    const room = await ana.create()
    await ana.say('Low tide at six')
    await ana.expectSaid(['Low tide at six'])
    await ana.open('/settings')
    await ana.page.getByRole('link', { name: 'Where you are signed in' }).click()
    await expect(devices(ana)).toHaveCount(1)
    await expect(devices(ana)).toContainText('This one')

    const way = await link(ana)
    await follow(phone, way)
    await phone.page.locator(`#rooms a[href="${room}"]`).click()
    await phone.expectRoom()
    await phone.expectSaid(['Low tide at six'])
    await phone.say('On my way')
    await phone.expectSaid(['Low tide at six', 'On my way'])
    await expect(phone.row('On my way')).toHaveAttribute('data-own')
    await ana.open(path(way))
    await expect(heading(ana, 'This link leads nowhere')).toBeVisible()

    await ana.open('/devices')
    await expect(devices(ana)).toHaveCount(2)
    const other = devices(ana).nth(1)
    if (javaScriptEnabled) await expect(other).toContainText('Here now')
    await other.getByRole('button', { name: /^Sign out / }).click()
    await expect(devices(ana)).toHaveCount(1)
    // It notices by itself, or with the next page.
    if (!javaScriptEnabled) await phone.button('Refresh').first().click()
    await expect(phone.yourName).toBeVisible()
    await expect(phone.row('On my way')).not.toHaveAttribute('data-own')
    await phone.open()
    await expect(phone.page.locator(`#rooms a[href="${room}"]`)).toHaveCount(0)
    await ana.open(room)
    await ana.say('Still here')
    await expect(ana.row('On my way')).toHaveAttribute('data-own')
  })
}

test('what was open elsewhere closes everywhere at once', async ({ person }) => {
  const [ana, phone] = [await person('Ana'), await person('Ana', PHONE)]
  const room = await ana.create()
  await follow(phone, await link(ana))
  const lobby = await phone.page.context().newPage()
  await lobby.goto(phone.base)
  const listed = lobby.locator(`#rooms a[href="${room}"]`)
  await expect(listed).toBeVisible()
  await phone.open(room)
  await phone.expectStatus('live')
  await phone.box.fill('a secret that is half typed')
  await expect.poll(() => drafts(phone.page)).toHaveLength(1)
  await ana.open('/devices')
  await ana.button('Sign out everywhere else').click()
  await expect(phone.yourName).toBeVisible()
  await expect(listed).toHaveCount(0)
  // As a visitor, it is live again, and can be somebody new.
  await phone.expectStatus('live')
  await expect(phone.box).toHaveValue('')
  await phone.yourName.fill('Bo')
  await phone.button('Join').click()
  await expect(phone.yourName).toHaveCount(0)
  await ana.open(room)
  await ana.openPeople()
  await ana.expectPeople(['Ana', 'Bo'])
})

test('nobody says what somebody left unsaid who was signed out meanwhile', async ({ person, line, quiet }) => {
  quiet.allow(CUT)
  const [ana, phone] = [await person('Ana'), await person('Ana', { ...PHONE, base: line.url })]
  const room = await ana.create()
  await follow(phone, await link(ana))
  await phone.open(room)
  await phone.expectStatus('live')
  line.cut('live')
  await phone.say('Only by me')
  await expect(phone.row('Only by me')).toHaveAttribute('data-status', 'pending')
  await expectKept(phone.page, 1)
  await phone.page.goto('about:blank')
  await ana.open('/devices')
  await ana.button('Sign out everywhere else').click()
  await expect(devices(ana)).toHaveCount(1)
  line.pass()
  await phone.open(room)
  await expect(phone.row('Only by me')).toHaveAttribute('data-status', 'failed')
  await phone.expectStatus('live')
  await expect(phone.yourName).toBeVisible()
  await ana.open(room)
  await ana.openPeople()
  await ana.expectPeople(['Ana'])
})

test('a camera reads the link, which a new one takes the place of', async ({ person, quiet }) => {
  quiet.allow(/status of 404/)
  const [ana, phone] = [await person('Ana'), await person('Bo', PHONE)]
  await ana.create()
  const first = await link(ana)
  const last = await link(ana)
  const { d, size } = await ana.page.locator('.qr svg').evaluate((svg: SVGSVGElement) => ({
    d: svg.querySelector('path')?.getAttribute('d') ?? '',
    size: svg.viewBox.baseVal.width,
  }))
  const side = 8 * (size + 8)
  const data = await ana.page.evaluate(
    ([d, size, side]) => {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = side
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      context.fillStyle = 'white'
      context.fillRect(0, 0, side, side)
      context.scale(8, 8)
      context.translate(4, 4)
      context.fillStyle = 'black'
      context.fill(new Path2D(d))
      return size ? [...context.getImageData(0, 0, side, side).data] : []
    },
    [d, size, side] as const,
  )
  expect(jsQR(Uint8ClampedArray.from(data), side, side)?.data).toBe(last)

  await phone.open(path(first))
  await expect(heading(phone, 'This link leads nowhere')).toBeVisible()
  // Who is somebody here is told before they are somebody else.
  await phone.create()
  await phone.open(path(last))
  await expect(phone.page.getByRole('note')).toContainText('Bo')
  await phone.button('Continue on this device').click()
  await phone.open('/settings')
  await expect(phone.yourName).toHaveValue('Ana')
})

test('people of nearly one name are told apart by their marks', async ({ person }) => {
  const [ana, anna, cy] = [await person('Ana'), await person('Anna'), await person('Cy')]
  const room = await ana.create()
  await anna.join(room)
  await ana.say('Low tide at six')
  await anna.say('At seven')
  await anna.say('Or so')
  await cy.join(room)
  await cy.expectSaid(['Low tide at six', 'At seven', 'Or so'])
  const said = (text: string) => cy.row(text).locator('.message__author')
  await cy.openPeople()
  const listed = (name: string) =>
    cy.page.locator('#people li').filter({ has: cy.page.locator('.people__name', { hasText: new RegExp(`^${name}$`) }) })
  const seen = await Promise.all(
    ([['Ana', 'Low tide at six'], ['Anna', 'At seven']] as const).map(async ([name, text]) => {
      const mark = await said(text).getAttribute('data-mark')
      const hue = await cy.row(text).getAttribute('data-hue')
      await expect(listed(name).locator('.people__who')).toHaveAttribute('data-mark', mark ?? '')
      await expect(listed(name)).toHaveAttribute('data-hue', hue ?? '')
      await expect(said(text)).toHaveText(name)
      const shown = await said(text).evaluate((author) => getComputedStyle(author, '::after').content)
      expect(shown).toBe(JSON.stringify(mark))
      return { mark, hue }
    }),
  )
  const [first, second] = seen
  expect(first?.mark).not.toBe(second?.mark)
  expect(first?.hue).not.toBe(second?.hue)
  // Once in a group, and with another name it stays.
  await expect(said('Or so')).not.toHaveAttribute('data-mark')
  await anna.page.reload()
  await cy.page.reload()
  await expect(said('At seven')).toHaveAttribute('data-mark', second?.mark ?? '')
})

for (const [size, options] of Object.entries({ wide: {}, phone: PHONE })) {
  test(`axe finds nothing on the pages of devices, ${size}`, async ({ person, quiet }) => {
    test.slow()
    quiet.allow(/status of 404/)
    const [ana, bo] = [await person('Ana', options), await person('Bo', options)]
    await ana.open('/devices')
    await expectAccessible(ana.page)
    await ana.create()
    const way = await link(ana)
    await expectAccessible(ana.page)
    await bo.create()
    await bo.open(path(way))
    await expectAccessible(bo.page)
    await bo.button('Continue on this device').click()
    await ana.open('/devices')
    await expect(devices(ana)).toHaveCount(2)
    await expectAccessible(ana.page)
    await bo.open(path(way))
    await expect(heading(bo, 'This link leads nowhere')).toBeVisible()
    await expectAccessible(bo.page)
  })
}

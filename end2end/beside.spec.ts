// The way to what can be done about a message: one for the whole log, which comes where it is looked for.

import { expect, test } from './support/test'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true }

const way = 'More'

test('it comes to the message that is pointed at, and to members only', async ({ person }) => {
  const [ana, cy] = [await person('Ana'), await person('Cy')]
  const path = await ana.create()
  await ana.sayAll(['Low tide at six', 'At seven'])
  await cy.open(path)
  await cy.expectRoom()
  for (const one of [ana, cy]) await one.expectSaid(['Low tide at six', 'At seven'])
  const all = ana.log.getByRole('link', { name: way })
  for (const [seq, text] of [[1, 'Low tide at six'], [2, 'At seven']] as const) {
    await ana.row(text).locator('.message__bubble').hover()
    await expect(ana.row(text).getByRole('link', { name: way })).toHaveAttribute('href', `${path}/m/${seq}`)
    await expect(all).toHaveCount(1)
    await cy.row(text).locator('.message__bubble').hover()
  }
  await expect(cy.log.getByRole('link', { name: way })).toHaveCount(0)
})

test('by keyboard it comes to the message that was followed, and keeps the focus', async ({ person }) => {
  const ana = await person('Ana')
  const path = await ana.create()
  await ana.sayAll(['Low tide at six', 'At seven'])
  await ana.expectSaid(['Low tide at six', 'At seven'])
  const press = (key: string) => ana.page.keyboard.press(key)
  await ana.log.focus()
  for (const key of ['ArrowUp', 'ArrowUp', 'Enter', 'Tab']) await press(key)
  const link = ana.row('Low tide at six').getByRole('link', { name: way })
  await expect(link).toBeFocused()
  await expect(link).toHaveCSS('opacity', '1')
  await ana.row('At seven').locator('.message__bubble').hover()
  await expect(ana.row('At seven').getByRole('link', { name: way })).toHaveCount(1)
  await expect(link).toBeFocused()
  await press('Enter')
  await ana.page.waitForURL(`**${path}/m/1`)
})

test('on a phone it comes to the message that was tapped', async ({ person }) => {
  const ana = await person('Ana', PHONE)
  await ana.create()
  await ana.say('Low tide at six')
  await ana.expectSaid(['Low tide at six'])
  const link = ana.row('Low tide at six').getByRole('link', { name: way })
  await expect(link).toHaveCount(0)
  await ana.row('Low tide at six').locator('.message__bubble').tap()
  await link.tap()
  await expect(ana.page.getByRole('heading', { name: 'Message' })).toBeVisible()
})

test('without JavaScript each message has its own', async ({ person }) => {
  const [ana, cy] = [await person('Ana', { javaScriptEnabled: false }), await person('Cy', { javaScriptEnabled: false })]
  const path = await ana.create()
  await ana.say('Low tide at six')
  await ana.say('At seven')
  const links = ana.log.getByRole('link', { name: way })
  await expect(links).toHaveCount(2)
  await cy.open(path)
  await expect(cy.rows).toHaveCount(2)
  await expect(cy.log.getByRole('link', { name: way })).toHaveCount(0)
  await links.last().focus()
  await ana.page.keyboard.press('Enter')
  await ana.page.waitForURL(`**${path}/m/2`)
})

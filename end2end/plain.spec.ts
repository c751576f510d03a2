// Without JavaScript: every step is a page and a form.

import { expect, test } from './support/test'

test('two people talk without JavaScript', async ({ person }) => {
  const ana = await person('Ana', { javaScriptEnabled: false })
  const bo = await person('Bo', { javaScriptEnabled: false })

  const room = await ana.create()
  await ana.say('Low tide at six')

  await bo.join(room)
  await bo.expectSaid(['Low tide at six'])
  await bo.say('I bring the lamp')

  await ana.button('Refresh').first().click()
  await ana.expectSaid(['Low tide at six', 'I bring the lamp'])

  await bo.leave()
  await bo.open(room)
  await expect(bo.yourName).toBeVisible()
  await bo.expectSaid(['Low tide at six', 'I bring the lamp'])
})

test('a room says how much is new in it until that was seen, without JavaScript', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo', { javaScriptEnabled: false })
  const room = await ana.create()
  await bo.join(room)
  const tea = await bo.create()
  await ana.sayAll(['one', 'two'])
  await ana.expectSaid(['one', 'two'])

  const rooms = bo.page.getByRole('region', { name: 'Your rooms' })
  const link = (path: string) => rooms.locator(`a[href="${path}"]`)
  await bo.open()
  await expect(link(room)).toHaveAccessibleName(new RegExp(`${room.slice(3)}.*2 unread`))
  await expect(link(room).locator('.badge')).toBeVisible()
  await expect(link(tea)).toHaveAccessibleName(new RegExp(`${tea.slice(3)}$`))

  // To look is not to have read: what has been seen is known with the next page.
  await link(room).click()
  await bo.expectSaid(['one', 'two'])
  await bo.open()
  await expect(link(room)).toHaveAttribute('data-unread')
  await link(room).click()
  await bo.button('Refresh').last().click()
  await bo.expectSaid(['one', 'two'])
  await bo.open()
  await expect(link(room)).toHaveAccessibleName(new RegExp(`${room.slice(3)}$`))
})

test('the first message joins, and the code leads in, without JavaScript', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo', { javaScriptEnabled: false })
  const room = await ana.create()

  await bo.open()
  await bo.yourName.fill('Bo')
  await bo.roomCode.fill(room.slice(3).toLowerCase())
  await bo.button('Join').click()
  await bo.expectRoom()
  await expect(bo.yourName).toHaveCount(0)
  await bo.say('Hello')
  await ana.expectSaid(['Hello'])

  const cai = await person('Cai', { javaScriptEnabled: false })
  await cai.open(room)
  await cai.yourName.fill('Cai')
  await cai.say('Me too')
  await ana.expectSaid(['Hello', 'Me too'])
})

test('only what works without JavaScript is shown without it', async ({ person }) => {
  const ana = await person('Ana', { javaScriptEnabled: false })
  await ana.create()
  await expect(ana.button('Copy link')).toBeHidden()
  await expect(ana.page.locator('header .connection')).toBeHidden()
  await expect(ana.page.getByText('without JavaScript')).toBeVisible()
  await expect(ana.button('Leave room')).toBeVisible()
  await ana.button('People').click()
  await expect(ana.people).toHaveCount(0)
})

test('a form that is sent twice posts once', async ({ person }) => {
  const ana = await person('Ana', { javaScriptEnabled: false })
  const room = await ana.create()
  const id = await ana.page.locator('input[name=id]').inputValue()
  const headers = { origin: ana.base }
  for (const _ of ['once', 'again']) {
    const answer = await ana.page.request.post(ana.base + room, { headers, form: { id, body: 'Hello' } })
    expect(answer.status()).toBe(200)
  }
  await ana.open(room)
  await ana.expectSaid(['Hello'])
})

test('nothing is said of a line that nobody keeps', async ({ person }) => {
  const ana = await person('Ana', { javaScriptEnabled: false })
  await ana.create()
  await expect(ana.page.locator('header .connection')).toBeHidden()
  await expect(ana.page.locator('.banner:visible')).toContainText('This page is without JavaScript')
})

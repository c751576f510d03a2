// The product's main job, from the lobby to the door.

import { expect, test } from './support/test'

test('two people talk', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')

  const room = await ana.create()
  await ana.say('Low tide at six')
  const link = await ana.copyLink()
  expect(new URL(link).pathname).toBe(room)

  await bo.join(link)
  await bo.expectSaid(['Low tide at six'])
  await bo.say('I bring the lamp')
  await ana.expectSaid(['Low tide at six', 'I bring the lamp'])
  await ana.say('And the thermos')
  const said = ['Low tide at six', 'I bring the lamp', 'And the thermos']
  await bo.expectSaid(said)
  await ana.expectSaid(said)
  await expect(ana.rows.locator('.message__author')).toHaveText(['You', 'Bo', 'You'])

  await bo.openPeople()
  await bo.expectPeople(['Bo', 'Ana'])

  await bo.page.reload()
  await bo.expectRoom()
  await bo.expectSaid(said)
  await expect(bo.rows.locator('.message__author')).toHaveText(['Ana', 'You', 'Ana'])

  await bo.leave()
  await expect(ana.page.locator('.room-header__fact').filter({ hasText: '1 here' })).toBeVisible()
  await ana.say('Gone already')
  await bo.open(link)
  await bo.expectRoom()
  await bo.expectSaid([...said, 'Gone already'])
  await expect(bo.yourName).toBeVisible()
})

test('the first message joins', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()

  await bo.open(room)
  await bo.expectRoom()
  await bo.yourName.fill('Bo')
  await bo.say('Hello')
  await expect(bo.yourName).toHaveCount(0)
  await ana.expectSaid(['Hello'])
  await expect(ana.rows.locator('.message__author')).toHaveText('Bo')
})

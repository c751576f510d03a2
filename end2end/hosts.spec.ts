// What hosts do about messages, about who may write, and about the room.

import {
  actsOn, back, bubbles, choose, comeInBy, composer, desk, goes, heading, knocking, knocks, makes, opensMessage, sentence, settles, TEA,
} from './support/hosts'
import { expect, test } from './support/test'

test('a message that is reported is before the hosts, and one that is removed can be had back', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await ana.say('Cold soup')
  await bo.join(room)
  await bo.expectSaid(['Cold soup'])
  await opensMessage(bo, 'Cold soup')
  await bo.button('Report').click()
  await expect(bo.page.getByRole('status')).toHaveText('Reported. The hosts will look at it.')
  await bo.open(room)
  await bo.expectRoom()

  // The menu says how much waits.
  await ana.button('Room menu').click()
  await expect(ana.page.locator('#waiting')).toHaveText('1')
  await ana.page.keyboard.press('Escape')
  await goes(ana, 'Desk')
  const { group, button } = desk(ana)
  const report = group('Reports').getByRole('listitem')
  await expect(report).toContainText(['Cold soup'])
  await expect(report).toContainText([/Reported by \u2068?Bo/])
  await button(/^Remove message: \u2068?Ana/).click()
  await expect(bubbles(bo)).toHaveText(['Message removed'])
  await button(/^Undo: /).first().click()
  await expect(bubbles(bo)).toHaveText(['Cold soup'])
  await ana.open(room)
  await expect(bubbles(ana)).toHaveText(['Cold soup'])
})

test('a host removes a message on its own page, and it is gone for everyone', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await bo.join(room)
  await bo.sayAll(['Cold soup', 'And tea'])
  await ana.expectSaid(['Cold soup', 'And tea'])
  await opensMessage(ana, 'Cold soup')
  await ana.button('Remove message').click()
  await expect(bubbles(bo)).toHaveText(['Message removed', 'And tea'])
  await back(ana)
  await expect(bubbles(ana)).toHaveText(['Message removed', 'And tea'])
  expect(await ana.page.content()).not.toContain('Cold soup')
})

test('who is muted reads on, and has their draft back when they may write', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await bo.join(room)
  await bo.box.fill('half a thought')
  const closed = composer(bo).getByRole('status').filter({ hasText: 'You can write again' })
  await actsOn(ana, 'Bo')
  await ana.button('Mute').click()
  await expect(composer(bo)).toHaveAttribute('data-state', 'locked')
  await expect(closed).toContainText('Your draft is kept.')
  await expect(bo.box).toBeHidden()
  await ana.button('Undo mute').click()
  await expect(composer(bo)).toHaveAttribute('data-state', 'ready')
  await expect(closed).toHaveCount(0)
  await expect(bo.box).toHaveValue('half a thought')
  await bo.send.click()
  await back(ana)
  await ana.expectSaid(['half a thought'])
})

test('a draft is kept over a mute also where the page is loaded anew', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await bo.join(room)
  await bo.box.fill('half a thought')
  const kept = () => bo.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parley.draft')))
  await expect.poll(kept).toHaveLength(1)
  await actsOn(ana, 'Bo')
  await ana.button('Mute').click()
  await expect(composer(bo)).toHaveAttribute('data-state', 'locked')
  await bo.page.reload()
  await bo.expectStatus('live')
  await expect(composer(bo)).toHaveAttribute('data-state', 'locked')
  await ana.button('Undo mute').click()
  await expect(bo.box).toHaveValue('half a thought')
})

test('where hosts alone write the others are told so, and how often where it is slow', async ({ person }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await bo.join(room)
  await bo.box.fill('half a thought')
  await settles(ana, choose('Who can write', 'Hosts'))
  const closed = composer(bo).getByRole('status').filter({ hasText: 'Only hosts write here' })
  await expect(closed).toBeVisible()
  await expect(bo.box).toBeHidden()
  await ana.say('Please listen')
  await bo.expectSaid(['Please listen'])
  await settles(ana, async (page) => {
    await choose('Who can write', 'Everyone')(page)
    await page.getByRole('combobox', { name: 'Slow mode' }).selectOption('30 s')
  })
  await expect(bo.box).toHaveValue('half a thought')
  await expect(bo.page.locator('#note')).toHaveText('Slow mode: one message every 30 s')
  // Not for hosts.
  await expect(ana.page.locator('#note')).toHaveText(sentence('You write as {Ana}'))
})

test('a room that is burned is over on every page, and its visitors learn nothing', async ({ person, quiet }) => {
  quiet.allow(/status of 404/)
  const [ana, bo, cid] = [await person('Ana'), await person('Bo'), await person('Cid')]
  const room = await makes(ana)
  await bo.join(room)
  await bo.say('Not for long')
  await cid.open(room)
  await cid.expectRoom()
  const other = await ana.page.context().newPage()
  await other.goto(ana.base + room)
  await expect(other.getByRole('log')).toBeVisible()
  await goes(ana, 'Desk')
  // Nobody does it by one click.
  await ana.button('Burn the room').click()
  await expect(ana.page).toHaveURL(/\/desk$/)
  await ana.page.getByRole('checkbox', { name: 'Everything in it goes at once' }).check()
  await ana.button('Burn the room').click()
  for (const page of [bo.page, other]) {
    await expect(heading(page, `{${TEA}} was burned`)).toBeVisible()
    await expect(page.getByText('A host ended it')).toBeVisible()
    expect(await page.content()).not.toContain('Not for long')
  }
  await expect(heading(cid.page, 'No open room here')).toBeVisible()
  await expect(ana.button('Create a room')).toBeVisible()
})

test('a door is minded without JavaScript: by the banner, and at the desk', async ({ person, quiet, browserName }) => {
  test.skip(browserName === 'firefox', 'it cannot be told to have none')
  quiet.allow(/status of 403/)
  // What is on its way never comes to rest for Playwright where there are no scripts.
  const plain = { javaScriptEnabled: false, reducedMotion: 'reduce' } as const
  const [ana, bo, cid] = [await person('Ana', plain), await person('Bo', plain), await person('Cid', plain)]
  const room = await makes(ana)
  await settles(ana, comeInBy('Knock'))
  await knocks(bo, room, 'I have the lamp')
  await knocks(cid, room)
  await bo.page.getByRole('link', { name: 'See whether it opened' }).click()
  await expect(heading(bo.page, 'You knocked')).toBeVisible()

  await ana.button('Refresh').first().click()
  const admit = (name: string) => ana.button(`Admit \u2068${name}\u2069`)
  await expect(ana.page.getByRole('form', { name: sentence('{Bo} is knocking and 1 more') })).toBeVisible()
  await admit('Bo').click()
  await ana.expectRoom()
  await expect(admit('Bo')).toHaveCount(0)
  await expect(knocking(ana, 'Cid').banner).toBeVisible()
  await bo.page.getByRole('link', { name: 'See whether it opened' }).click()
  await bo.expectRoom()
  await bo.say('Thank you')

  await goes(ana, 'Desk')
  const { group, button, link } = desk(ana)
  await button(sentence('Admit {Cid}')).click()
  await expect(group('Knocks')).toContainText('Nobody is at the door.')
  await cid.open(room)
  await cid.expectRoom()
  await ana.button('Make an invitation').click()
  await expect(link).toHaveValue(/\/i\/\w+$/)
  await button(/^Revoke: /).click()
  await expect(group('Links')).toContainText('No link opens this room.')
  await back(ana)
  await ana.expectSaid(['Thank you'])
})

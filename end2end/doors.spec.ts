// Rooms with a door: knocks, locks, passwords and links, and who is shown out.

import {
  actsOn, back, comeInBy, desk, enters, goes, heading, knocking, knocks, makes, sentence, settles, TEA,
} from './support/hosts'
import { expect, test } from './support/test'

test.beforeEach(() => test.slow())

test('who knocks waits, is let in by who is inside, and then both talk', async ({ person, quiet }) => {
  quiet.allow(/status of 403/)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await settles(ana, async (page) => {
    await page.getByRole('textbox', { name: 'Topic' }).fill('Spring tides')
    await comeInBy('Knock')(page)
  })
  await bo.open(room)
  await expect(heading(bo.page, 'Knock first')).toBeVisible()
  for (const secret of [TEA, 'Spring tides', 'Ana']) expect(await bo.page.content()).not.toContain(secret)
  await knocks(bo, room, 'I have the lamp')

  const { banner, admit } = knocking(ana, 'Bo')
  await expect(banner).toBeVisible()
  await ana.page.evaluate(() => Object.assign(window, { same: true }))
  await admit.click()
  await expect(banner).toBeHidden()
  await bo.expectRoom()
  await bo.say('Thank you')
  await ana.say('Come in')
  await ana.expectSaid(['Thank you', 'Come in'])
  await bo.expectSaid(['Thank you', 'Come in'])
  expect(await ana.page.evaluate(() => 'same' in window)).toBe(true)
})

test('a note of who knocks is on the desk, and who is refused knocks again', async ({ person, quiet }) => {
  quiet.allow(/status of 403/)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await settles(ana, comeInBy('Knock'))
  await knocks(bo, room, 'I have the lamp')
  await expect(knocking(ana, 'Bo').banner).toBeVisible()
  await goes(ana, 'Desk')
  const { group, button } = desk(ana)
  await expect(group('Knocks').getByRole('listitem')).toContainText(['I have the lamp'])
  await button(sentence('Refuse {Bo}')).click()
  await expect(group('Knocks')).toContainText('Nobody is at the door.')
  await expect(group('Log').getByRole('listitem')).toContainText([/refused/])
  await knocks(bo, room)
})

test('a room that is locked is none to who reads along, and stays to who is in it', async ({ person, quiet }) => {
  quiet.allow(/status of (403|404)/)
  const [ana, bo, cid] = [await person('Ana'), await person('Bo'), await person('Cid')]
  const room = await makes(ana)
  await bo.join(room)
  await cid.open(room)
  await cid.expectRoom()
  await settles(ana, comeInBy('Nobody'))
  await expect(heading(cid.page, 'No open room here')).toBeVisible()
  expect(await cid.page.content()).not.toContain(TEA)
  await bo.say('Still here')
  await ana.expectSaid(['Still here'])
  await bo.leave()
  await bo.open(room)
  await expect(heading(bo.page, `{${TEA}} is locked`)).toBeVisible()
})

test('who reads along knocks as well, once that is the way in', async ({ person, quiet }) => {
  quiet.allow(/status of 403/)
  const [ana, cid] = [await person('Ana'), await person('Cid')]
  const room = await makes(ana)
  await cid.open(room)
  await cid.expectRoom()
  await settles(ana, comeInBy('Knock'))
  await expect(heading(cid.page, 'Knock first')).toBeVisible()
})

test('who is removed is told so in every tab and until when, and who is banned that there is no end', async ({ person, quiet }) => {
  quiet.allow(/status of 403/)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await bo.join(room)
  const other = await bo.page.context().newPage()
  const tabs = [bo.page, other]
  await other.goto(bo.base + room)
  await expect(other.getByRole('log')).toBeVisible()
  await actsOn(ana, 'Bo')
  await ana.button('Remove').click()
  for (const tab of tabs) {
    await expect(heading(tab, `You were removed from {${TEA}}`)).toBeVisible()
    await expect(tab.getByText(/^You can join again .*\d\d:\d\d/)).toBeVisible()
  }
  await expect(ana.page.getByText(/Banned until /)).toBeVisible()
  await ana.button('Undo ban').click()
  await expect(ana.page.getByText(/Banned/)).toHaveCount(0)
  await bo.join(room)
  await other.goto(bo.base + room)
  await expect(other.getByRole('log')).toBeVisible()

  await ana.page.getByRole('combobox', { name: 'Ban for' }).selectOption('For ever')
  await ana.button('Ban').click()
  for (const tab of tabs) {
    await expect(heading(tab, `You are banned from {${TEA}}`)).toBeVisible()
    await expect(tab.getByText('There is no end to it')).toBeVisible()
  }
  await ana.page.getByRole('link', { name: 'Desk' }).click()
  const { group, button } = desk(ana)
  await expect(group('Bans and mutes')).toContainText('for good')
  await button(/^Undo ban: \u2068?Bo/).click()
  await expect(group('Bans and mutes')).toContainText('Nobody is kept out or quiet.')
  await bo.join(room)
  await bo.say('Back')
})

test('a password that is wrong is told at its field, and the right one lets in', async ({ person, quiet }) => {
  quiet.allow(/status of (403|422)/)
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await makes(ana)
  await goes(ana, 'Room settings')
  await ana.page.locator('input[type=password]').fill('spring tide')
  await ana.button('Set password').click()
  await expect(ana.button('Remove password')).toBeVisible()
  await back(ana)
  await bo.open(room)
  await expect(heading(bo.page, 'This room has a password')).toBeVisible()
  await expect(bo.page.getByRole('alert')).toHaveCount(0)
  expect(await bo.page.content()).not.toContain(TEA)
  await bo.yourName.fill('Bo')
  await enters(bo, 'neap tide')
  await expect(bo.page.getByRole('alert')).toHaveText('That isn’t it.')
  await expect(bo.page.locator('input[type=password]')).toHaveAttribute('aria-invalid', 'true')
  await expect(bo.yourName).toHaveValue('Bo')
  await enters(bo, 'spring tide')
  await bo.expectRoom()
  await bo.say('Found it')
  await ana.expectSaid(['Found it'])
  // It is asked for once.
  await bo.page.reload()
  await bo.expectRoom()
})

test('a host’s link is shown once, makes a host of who accepts it, and of nobody who only looks', async ({ person, quiet }) => {
  quiet.allow(/status of (403|404)/)
  const [ana, bo, cid] = [await person('Ana'), await person('Bo'), await person('Cid')]
  const room = await makes(ana)
  await goes(ana, 'Desk')
  await ana.button('Make a host link').click()
  const { link } = desk(ana)
  const address = await link.inputValue()
  await expect(ana.page.getByText('it is shown once')).toBeVisible()
  await ana.open(`${room}/desk`)
  await expect(link).toHaveCount(0)
  await expect(desk(ana).group('Links').getByRole('listitem')).toContainText(['1 use left'])

  for (const _ of ['once', 'again']) {
    await bo.open(address)
    await expect(heading(bo.page, 'You are invited')).toBeVisible()
    await expect(bo.page.getByText('You become host of this room.')).toBeVisible()
  }
  await bo.yourName.fill('Bo')
  await bo.button('Join').click()
  await bo.expectRoom()
  await cid.open(address)
  await expect(cid.button('Join')).toBeVisible()
  await expect(heading(cid.page, 'You are invited')).toHaveCount(0)

  await ana.open(room)
  await ana.expectRoom()
  await actsOn(bo, 'Ana')
  await bo.button('No host any more').click()
  await expect(bo.button('Make host')).toBeVisible()
  // Also live: who was a host is none in the room that is open.
  await ana.button('Room menu').click()
  await expect(ana.button('Change your name')).toBeVisible()
  await expect(ana.page.getByRole('link', { name: 'Room settings' })).toBeHidden()
  const answer = await ana.page.goto(`${ana.base}${room}/desk`)
  expect(answer?.status()).toBe(403)
  await expect(ana.page.getByText('Only a host can do that.')).toBeVisible()
})

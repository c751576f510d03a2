// The pages of hosts and the doors of rooms, whatever somebody is called, for everyone.

import type { Page } from '@playwright/test'
import { expectAccessible } from './support/axe'
import {
  actsOn, comeInBy, composer, desk, enters, goes, heading, knocking, knocks, makes, opensMessage, settles, sideways, TEA,
} from './support/hosts'
import type { Person } from './support/person'
import { expect, test } from './support/test'

test('whatever somebody is called and says, it is text on every page of hosts', async ({ person, quiet }) => {
  test.slow()
  quiet.allow(/status of 403/)
  const naughty = '<img src=x onerror=alert(1)>'
  const [ana, bo, cid] = [await person('"><i id=x>\'A'), await person('<b onclick=alert(1)>'), await person('<s onload=alert(1)>')]
  const people = [ana, bo, cid]
  const dialogs: string[] = []
  for (const { page } of people) {
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
  }
  const harmless = async ({ page }: Person) => {
    await expect(page.locator('[onerror], [onclick], [onload], i#x, img[src="x"]')).toHaveCount(0)
    expect(dialogs).toEqual([])
  }
  const room = await makes(ana, naughty)
  await bo.join(room)
  await bo.say(naughty)
  await settles(ana, async (page) => {
    await page.getByRole('textbox', { name: 'Topic' }).fill(naughty)
    await comeInBy('Knock')(page)
  })
  await ana.expectSaid([naughty])
  await harmless(ana)
  await knocks(cid, room, naughty)
  await harmless(cid)
  await expect(knocking(ana, '.*').banner).toContainText(`${cid.name}\u2069 is knocking`)
  await harmless(ana)

  await opensMessage(ana, naughty)
  await expect(ana.page.getByRole('article')).toContainText(naughty)
  await expect(ana.page.getByRole('article')).toContainText(bo.name)
  await harmless(ana)
  await ana.page.getByRole('link', { name: /^Act on/ }).click()
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(bo.name)
  await harmless(ana)
  await ana.button('Mute').click()
  await expect(ana.button('Undo mute')).toBeVisible()

  const reader = await person('Dot')
  await bo.page.getByRole('log').waitFor()
  await opensMessage(bo, naughty)
  await harmless(bo)
  await ana.page.getByRole('link', { name: 'Desk' }).click()
  const { group } = desk(ana)
  await expect(ana.page.getByRole('main').getByRole('link').first()).toHaveText(naughty)
  await expect(group('Knocks').getByRole('listitem')).toContainText([cid.name])
  await expect(group('Knocks').getByRole('listitem')).toContainText([naughty])
  await expect(group('Bans and mutes').getByRole('listitem')).toContainText([bo.name])
  await expect(group('Log')).toContainText(naughty)
  await harmless(ana)
  await ana.button('Make an invitation').click()
  const address = await desk(ana).link.inputValue()
  await reader.open(address)
  await expect(heading(reader.page, 'You are invited')).toBeVisible()
  await harmless(reader)
  await reader.yourName.fill('Dot')
  await reader.button('Join').click()
  await reader.expectRoom()
  await opensMessage(reader, naughty)
  await reader.button('Report').click()
  await ana.open(`${room}/desk`)
  await expect(group('Reports').getByRole('listitem')).toContainText([naughty])
  await expect(group('Reports').getByRole('listitem')).toContainText([bo.name])
  await harmless(ana)
  await ana.open(`${room}/rules`)
  await expect(ana.page.getByRole('textbox', { name: 'Topic' })).toHaveValue(naughty)
  await harmless(ana)
})

test.describe('for everyone', () => {
  test.beforeEach(({ browserName }) => {
    test.slow()
    test.skip(browserName === 'firefox', 'as in all other stories, axe looks once')
  })

  test('the pages of hosts can be used, and none is wider than its window', async ({ person, quiet }) => {
    quiet.allow(/status of 403/)
    const [ana, bo, cid, dot] = [await person('Ana'), await person('Bo'), await person('Cid'), await person('Dot')]
    const fits = async (page: Page) => {
      expect(await sideways(page)).toBe(0)
      await expectAccessible(page)
    }
    const room = await makes(ana)
    await bo.join(room)
    await cid.join(room)
    await bo.say('Cold soup, at https://example.org/a-very-long-address-that-nothing-breaks-where-it-ends-and-goes-on')
    await opensMessage(cid, 'Cold soup')
    await fits(cid.page)
    await cid.button('Report').click()
    await expect(cid.page.getByRole('status')).toBeVisible()
    await fits(cid.page)
    await settles(ana, comeInBy('Knock'))
    await knocks(dot, room, 'It is me')
    await fits(dot.page)
    await expect(knocking(ana, 'Dot').banner).toBeVisible()
    await fits(ana.page)

    await opensMessage(ana, 'Cold soup')
    await fits(ana.page)
    await ana.page.getByRole('link', { name: /^Act on/ }).click()
    await expect(heading(ana.page, 'Bo')).toBeVisible()
    await fits(ana.page)
    await ana.button('Mute').click()
    await expect(ana.button('Undo mute')).toBeVisible()
    await fits(ana.page)
    await expect(composer(bo)).toHaveAttribute('data-state', 'locked')
    await fits(bo.page)

    await ana.page.getByRole('link', { name: 'Desk' }).click()
    await ana.button('Make a host link').click()
    await ana.button('Make an invitation').click()
    const { group } = desk(ana)
    for (const name of ['Knocks', 'Reports', 'Bans and mutes', 'Links', 'Log']) {
      await expect(group(name).getByRole('listitem').first()).toBeVisible()
    }
    await fits(ana.page)
    await ana.open(`${room}/rules`)
    await ana.page.getByRole('textbox', { name: 'Room name' }).fill('x'.repeat(31))
    await fits(ana.page)
    quiet.allow(/status of 422/)
    await ana.button('Save').click()
    await expect(ana.page.getByRole('alert')).toBeVisible()
    await fits(ana.page)
  })

  test('every door can be used', async ({ person, quiet }) => {
    quiet.allow(/status of (403|404|422)/)
    const [ana, bo, cid] = [await person('Ana'), await person('Bo'), await person('Cid')]
    const shows = async ({ page }: Person, title: string) => {
      await expect(heading(page, title)).toBeVisible()
      await expectAccessible(page)
    }
    const room = await makes(ana)
    await bo.join(room)
    await settles(ana, comeInBy('Knock'))
    await cid.open(room)
    await shows(cid, 'Knock first')
    await knocks(cid, room)
    await shows(cid, 'You knocked')
    await settles(ana, comeInBy('Nobody'))
    await bo.leave()
    await bo.open(room)
    await shows(bo, `{${TEA}} is locked`)
    await settles(ana, comeInBy('Link'))
    await goes(ana, 'Room settings')
    await ana.page.locator('input[type=password]').fill('spring tide')
    await ana.button('Set password').click()
    await expect(ana.button('Remove password')).toBeVisible()
    await cid.open(room)
    await shows(cid, 'This room has a password')
    await enters(cid, 'neap tide')
    await expect(cid.page.getByRole('alert')).toBeVisible()
    await expectAccessible(cid.page)
    await enters(cid, 'spring tide')
    await cid.expectRoom()
    for (const make of ['Make an invitation', 'Make a host link']) {
      await ana.open(`${room}/desk`)
      await ana.button(make).click()
      await bo.open(await desk(ana).link.inputValue())
      await shows(bo, 'You are invited')
    }
    await ana.open(room)
    await ana.expectRoom()
    await actsOn(ana, 'Cid')
    await ana.button('Remove').click()
    await shows(cid, `You were removed from {${TEA}}`)
    await ana.button('Undo ban').click()
    await ana.page.getByRole('combobox', { name: 'Ban for' }).selectOption('For ever')
    await ana.button('Ban').click()
    await cid.open(room)
    await shows(cid, `You are banned from {${TEA}}`)
    await ana.page.getByRole('link', { name: 'Desk' }).click()
    await ana.page.getByRole('checkbox', { name: 'Everything in it goes at once' }).check()
    await ana.button('Burn the room').click()
    await expect(ana.button('Create a room')).toBeVisible()
    await ana.open(room)
    await shows(ana, `{${TEA}} was burned`)
  })
})

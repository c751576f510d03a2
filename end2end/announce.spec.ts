// What whoever runs the server says to everybody, by `parley admin announce`.

import { expectAccessible } from './support/axe'
import type { Person } from './support/person'
import { expect, test } from './support/test'

const SENTENCE = 'Back at nine & <b>better</b>'

const announced = ({ page }: Person) => page.getByRole('dialog', { name: 'From the operator of this server' })

test('what is announced stands on every open page until it is closed, as text, and is said aloud', async ({ person, server }) => {
  const [ana, bo] = [await person('Ana'), await person('Bo')]
  const room = await ana.create()
  await ana.say('Good morning')
  await bo.join(room)
  await bo.expectSaid(['Good morning'])
  const sockets = async () => JSON.parse(await server.admin('stats', '--json')).stats.sockets as number
  // Its line is closed a moment after the page.
  await bo.page.goto('about:blank')
  await expect.poll(sockets).toBe(1)
  await bo.open()
  await expect(announced(ana)).toBeHidden()
  // The lobby is told as well, once it is connected.
  await expect.poll(sockets).toBe(2)
  expect(await server.admin('announce', SENTENCE)).toBe('said to 2 connections\n')
  for (const { page } of [ana, bo]) await expect(page.getByRole('alert').filter({ hasText: SENTENCE })).toHaveText(SENTENCE)
  await expectAccessible(ana.page)
  await announced(ana).getByRole('button', { name: 'Got it' }).click()
  await expect(announced(ana)).toBeHidden()
  await expect(announced(bo)).toBeVisible()
  // It passes: who comes back does not see it again.
  await bo.open(room)
  await bo.expectRoom()
  await expect(announced(bo)).toBeHidden()
  await server.admin('announce', SENTENCE)
  await expect(announced(ana)).toBeVisible()
})

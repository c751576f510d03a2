// The way in, and every way to miss it.

import { LIVE } from './support/server'
import { expect, test } from './support/test'

test('a guest has a name before they think of one', async ({ person }) => {
  const guest = await person('')
  await guest.open()
  await expect(guest.yourName).toHaveValue(/^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u)
  const name = await guest.yourName.inputValue()
  await guest.button('Create a room').click()
  await guest.expectRoom()
  await expect(guest.page.getByText(`You write as \u2068${name}\u2069`)).toBeVisible()
})

test('looking makes nobody: a guest who only looks is not here and has no rooms', async ({ person }) => {
  const ana = await person('Ana')
  const guest = await person('')
  const room = await ana.create()
  await guest.open(room)
  await guest.expectRoom()
  await guest.expectPeople(['Ana'])
  await ana.say('Nobody else?')
  await guest.expectSaid(['Nobody else?'])
  await ana.expectPeople(['Ana'])
  await guest.open()
  await expect(guest.page.getByRole('region', { name: 'Your rooms' }).getByRole('link')).toHaveCount(0)
})

test('the code leads in, in any letter case, typed or in the address', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const room = await ana.create()
  const letters = room.slice('/r/'.length)

  await bo.open()
  await bo.yourName.fill('Bo')
  await bo.roomCode.fill(` ${letters.toLowerCase()} `)
  await bo.button('Join').click()
  await bo.expectRoom()
  await bo.say('found it')
  await ana.expectSaid(['found it'])

  await bo.open(`/r/${letters.toLowerCase()}`)
  await bo.expectRoom()
  await bo.expectSaid(['found it'])
})

test('a wrong code is told kindly, with a way on and a way back', async ({ person, quiet }) => {
  quiet.allow(/status of 404/)
  const guest = await person('Bo')
  await guest.open()
  await guest.yourName.fill('Bo')
  await guest.roomCode.fill('ZZZZ')
  const answered = guest.page.waitForResponse((answer) => answer.request().isNavigationRequest())
  await guest.button('Join').click()
  expect((await answered).status()).toBe(404)
  await expect(guest.page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(guest.roomCode).toHaveValue('ZZZZ')
  await guest.page.getByRole('link', { name: 'Back to the lobby' }).click()
  await expect(guest.button('Create a room')).toBeVisible()

  for (const address of ['/r/ZZZZ', '/r/nothing', '/elsewhere']) {
    const answer = await guest.page.goto(guest.base + address)
    expect(answer?.status(), address).toBe(404)
    await expect(guest.page.getByRole('link', { name: 'Back to the lobby' })).toBeVisible()
  }
})

test('my rooms are listed, and not those of others', async ({ person }) => {
  const ana = await person('Ana')
  const bo = await person('Bo')
  const first = await ana.create()
  const second = await ana.create()
  await bo.join(first)

  const rooms = async (who: typeof ana) => {
    await who.open()
    const links = who.page.getByRole('region', { name: 'Your rooms' }).getByRole('link')
    return links.evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  }
  expect((await rooms(ana)).sort()).toEqual([first, second].sort())
  expect(await rooms(bo)).toEqual([first])

  await ana.page.getByRole('region', { name: 'Your rooms' }).locator(`a[href="${first}"]`).click()
  await ana.expectRoom()
  await expect(ana.page).toHaveURL(ana.base + first)
  await ana.leave()
  expect(await rooms(ana)).toEqual([second])
})

for (const [what, name] of [
  ['too long', 'x'.repeat(21)],
  ['blank', '\u2003'],
  ['invisible', '\u200b\u200d'],
] as const) {
  test(`a name that is ${what} is refused where it stands`, async ({ person, quiet }) => {
    quiet.allow(/status of 422/)
    const guest = await person('')
    await guest.open()
    await guest.yourName.fill(name)
    await guest.button('Create a room').click()
    await expect(guest.page.getByRole('alert').filter({ hasText: /name/i })).toBeVisible()
    await expect(guest.yourName).toHaveAttribute('aria-invalid', 'true')
    await guest.yourName.fill('Ana')
    await guest.button('Create a room').click()
    await guest.expectRoom()
  })
}

test('nobody joins under a name that looks like another’s', async ({ person, quiet }) => {
  quiet.allow(/status of (409|422)/)
  const ana = await person('Ana')
  const bo = await person('Аna')
  const room = await ana.create()
  await bo.open(room)
  await bo.expectRoom()
  await bo.yourName.fill('Аnа')
  await bo.button('Join').click()
  await expect(bo.page.getByRole('alert').filter({ hasText: 'Somebody here has that name' })).toBeVisible()
  await bo.yourName.fill('Bo')
  await bo.button('Join').click()
  await expect(bo.yourName).toHaveCount(0)
})

test('a message that is too long is kept and refused', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const long = 'x'.repeat(4001)
  await ana.box.fill(long)
  await ana.box.press('ControlOrMeta+Enter')
  await expect(ana.page.locator('#note')).toHaveText('1 too many')
  await expect(ana.rows).toHaveCount(0)
  await expect(ana.box).toHaveValue(long)
})

test('a foreign page may neither post nor listen', async ({ person, server }) => {
  const ana = await person('Ana')
  const room = await ana.create()
  const headers = { origin: 'https://elsewhere.example' }
  const form = { id: '01890a5d-ac96-774b-bcce-b302099a8057', body: 'forged' }
  const request = ana.page.request
  expect((await request.post(server.url + room, { headers, form })).status()).toBe(403)
  expect((await request.post(`${server.url}/rooms`, { headers, form: { name: 'Eve' } })).status()).toBe(403)
  expect((await request.get(server.url + LIVE, { headers })).status()).toBe(403)
  await ana.page.reload()
  await expect(ana.rows).toHaveCount(0)
})

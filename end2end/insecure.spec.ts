// Plain HTTP on an address that no browser trusts, as on the network of a school: no clipboard, no
// randomUUID, no locks. Everything works all the same.

import { expectKept } from './support/kept'
import { CUT } from './support/quiet'
import { foreignHost } from './support/server'
import { expect, test } from './support/test'

test('two people talk over plain HTTP', async ({ person, server, browserName }) => {
  const host = foreignHost()
  test.skip(browserName === 'firefox' && host === 'parley.test', 'this machine has no address but its own')
  const base = `http://${host}:${server.port}`
  const ana = await person('Ana', { base })
  const bo = await person('Bo', { base })

  const room = await ana.create()
  expect(await ana.page.evaluate('isSecureContext')).toBe(false)
  await ana.say('Low tide at six')
  const link = await ana.copyLink()
  expect(link).toBe(base + room)

  await bo.join(link)
  await bo.expectSaid(['Low tide at six'])
  await bo.say('I bring the lamp')
  await ana.expectSaid(['Low tide at six', 'I bring the lamp'])

  await bo.page.reload()
  await bo.expectRoom()
  await bo.expectSaid(['Low tide at six', 'I bring the lamp'])
  await bo.leave()
  await expect(ana.page.locator('.room-header__fact').filter({ hasText: '1 here' })).toBeVisible()
})

test('a message waits for the line over plain HTTP too', async ({ person, server, line, quiet, browserName }) => {
  quiet.allow(CUT)
  test.skip(browserName === 'firefox', 'Firefox asks a resolver for the name')
  const bo = await person('Bo')
  const room = await bo.create()
  const ana = await person('Ana', { base: line.url.replace('127.0.0.1', 'parley.test') })
  await ana.join(room)
  expect(await ana.page.evaluate('isSecureContext')).toBe(false)

  line.cut('live')
  await ana.say('from the field')
  await ana.expectWaiting('from the field')
  await expectKept(ana.page, 1)
  await ana.page.reload()
  await ana.expectWaiting('from the field')
  line.pass()
  await ana.expectSaid(['from the field'])
  await bo.expectSaid(['from the field'])
  expect(server.log).not.toContain('from the field')
})

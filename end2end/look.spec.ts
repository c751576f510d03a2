// Theme and times: right in the first byte as soon as the server can know them.

import { expect, test } from './support/test'

for (const javaScriptEnabled of [true, false]) {
  test(`the chosen theme is in the first byte, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ person }) => {
    const ana = await person('Ana', { javaScriptEnabled, colorScheme: 'light' })
    const room = await ana.create()
    const html = ana.page.locator('html')
    const ground = () => html.evaluate((html) => getComputedStyle(html).backgroundColor)
    const served = async () => {
      const page = await (await ana.page.request.get(ana.base + room)).text()
      return /<html[^>]*>/.exec(page)?.[0].match(/data-theme="(\w*)"/)?.[1]
    }
    await expect(html).not.toHaveAttribute('data-theme')
    const light = await ground()

    await ana.button('Theme').click()
    await expect(html).toHaveAttribute('data-theme', 'light')
    await expect.poll(served).toBe('light')
    await ana.button('Theme').click()
    await expect(html).toHaveAttribute('data-theme', 'dark')
    await expect.poll(served).toBe('dark')
    await expect.poll(ground).not.toBe(light)
    await ana.open(room)
    await expect(html).toHaveAttribute('data-theme', 'dark')
    await ana.expectRoom()
    await ana.button('Theme').click()
    await expect(html).not.toHaveAttribute('data-theme')
    await expect.poll(served).toBeUndefined()
  })
}

test('without a choice the page is as dark as the system', async ({ person }) => {
  const [day, night] = [await person('Ana', { colorScheme: 'light' }), await person('Bo', { colorScheme: 'dark' })]
  const ground = async (who: typeof day) => {
    await who.open()
    return who.page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor)
  }
  expect(await ground(day)).not.toBe(await ground(night))
})

for (const javaScriptEnabled of [true, false]) {
  test(`hours are counted as chosen, from the first byte on, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ person }) => {
    const ana = await person('Ana', { javaScriptEnabled, timezoneId: 'UTC' })
    const room = await ana.create()
    await ana.box.fill('What time is it?')
    await ana.send.click()
    const time = ana.rows.locator('time')
    await expect(time).toHaveText(/^\d\d:\d\d$/)
    for (const [name, shown] of [
      ['12-hour', /^([1-9]|1[0-2]):\d\d\u00a0[ap]m$/],
      ['24-hour', /^\d\d:\d\d$/],
      ['12-hour', /^([1-9]|1[0-2]):\d\d\u00a0[ap]m$/],
      ['Automatic', /^\d\d:\d\d$/],
    ] as const) {
      await ana.open('/settings')
      await ana.page.getByRole('radio', { name }).check()
      await ana.button('Save').click()
      await expect(ana.page.getByRole('radio', { name })).toBeChecked()
      await ana.open(room)
      await ana.expectRoom()
      await expect(time).toHaveText(shown)
      const page = await (await ana.page.request.get(ana.base + room)).text()
      expect(/<time[^>]*>([^<]*)</.exec(page)?.[1]).toMatch(shown)
    }
  })
}

for (const zone of ['Asia/Kathmandu', 'America/St_Johns']) {
  test(`times are the reader’s in ${zone}, in the first byte from the second visit on`, async ({ person }) => {
    const ana = await person('Ana', { timezoneId: zone })
    const room = await ana.create()
    await ana.say('What time is it?')
    await ana.expectSaid(['What time is it?'])
    const data = await (await ana.page.request.get(`${ana.base}${room}?data`)).json()
    const at: number = data.view.room.page.messages[0].created_at
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at)
    const time = ana.rows.locator('time')
    await expect(time).toHaveText(clock)

    const page = await (await ana.page.request.get(ana.base + room)).text()
    expect(page).toMatch(new RegExp(`<time[^>]*>${clock}<`))
    await ana.page.reload()
    await ana.expectStatus('live')
    await expect(time).toHaveText(clock)
    expect(Date.parse((await time.getAttribute('datetime')) ?? '')).toBe(at - (at % 60_000))
  })
}

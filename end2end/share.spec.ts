// A room is shown to a camera, and handed on.

import jsQR from 'jsqr'

import type { Person } from './support/person'
import { expect, test } from './support/test'

const open = async (person: Person) => {
  await person.button('Room menu').click()
  await person.button('Show QR code').click()
  const dialog = person.page.getByRole('dialog', { name: 'Share this room' })
  await expect(dialog).toBeVisible()
  return dialog
}

for (const javaScriptEnabled of [true, false]) {
  test(`a camera reads the room’s address, with${javaScriptEnabled ? '' : 'out'} JavaScript`, async ({ person }) => {
    const ana = await person('Ana', { javaScriptEnabled })
    const room = await ana.create()
    const dialog = await open(ana)
    const picture = dialog.getByRole('img')
    const { pathname } = new URL(await picture.evaluate((one: HTMLImageElement) => one.src))
    expect(pathname).toBe(`${room}/qr.svg`)
    const answer = await ana.page.request.get(new URL(pathname, ana.base).href)
    expect(answer.headers()['content-type']).toBe('image/svg+xml')

    // As a camera sees it.
    const { data, width, height } = await picture.evaluate(async (one: HTMLImageElement) => {
      await one.decode()
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 330
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      context.drawImage(one, 0, 0, 330, 330)
      return { data: [...context.getImageData(0, 0, 330, 330).data], width: 330, height: 330 }
    })
    const read = jsQR(Uint8ClampedArray.from(data), width, height)?.data ?? ''
    expect(new URL(read).pathname).toBe(room)
    await expect(picture).toHaveAccessibleName(`QR code of \u2068${read}\u2069`)
    await expect(dialog.getByText(read, { exact: true })).toBeVisible()

    const bo = await person('Bo')
    await bo.join(read)
    await expect(bo.rows).toHaveCount(0)
  })
}

test('the dialog stands alone, and the focus comes back from it', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const dialog = await open(ana)
  await expect(ana.page.getByRole('navigation', { name: 'Room menu' })).toBeHidden()
  await expect(dialog.getByText('Share this room')).toBeFocused()
  await ana.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(ana.button('Room menu')).toBeFocused()
})

test('the link is handed on where the system can, and nowhere else is there a button', async ({ person }) => {
  const ana = await person('Ana')
  // Some systems have it.
  await ana.page.addInitScript(() => Object.defineProperty(navigator, 'share', { value: undefined }))
  await ana.create()
  await expect((await open(ana)).getByRole('button', { name: 'Share…' })).toBeHidden()

  const bo = await person('Bo')
  await bo.page.addInitScript(() => {
    const shared: unknown[] = []
    // As it ends when nobody is chosen.
    const share = (what: unknown) => (shared.push(what), Promise.reject(new DOMException('no', 'AbortError')))
    Object.assign(window, { shared })
    Object.defineProperty(navigator, 'share', { value: share })
  })
  const room = await bo.create()
  await (await open(bo)).getByRole('button', { name: 'Share…' }).click()
  const shared = await bo.page.evaluate(() => (window as unknown as { shared: { url: string }[] }).shared)
  expect(shared.map(({ url }) => new URL(url).pathname)).toEqual([room])
})

// Pictures for the README, made on demand: `npm run shots`.

import { expect, test } from './support/test'

const sizes = { '': { width: 1280, height: 800 }, '-phone': { width: 390, height: 844 } }

for (const [size, viewport] of Object.entries(sizes)) {
  for (const theme of ['light', 'dark'] as const) {
    test(`lobby and room${size}, ${theme}`, async ({ person }) => {
      const options = { viewport, colorScheme: theme, hasTouch: size !== '' }
      const picture = (page: string) => ({ path: `../docs/pictures/${page}${size}-${theme}.png` })
      const ana = await person('Ana', options)
      const [mirela, teo] = [await person('Mirela'), await person('Teo')]
      const room = await ana.create()
      for (const guest of [mirela, teo]) await guest.join(room)
      await mirela.say('Sea star under the second ledge!')
      await ana.say('Beautiful. Which transect is that?')
      await mirela.say('B, about four metres in. My notes are at the hut')
      await teo.say('So far: limpets 41, anemones 17, one very grumpy sculpin.')
      await teo.say('Can everyone post totals before the water’s back?')
      await ana.say('South: 22 limpets, 6 anemones, no sculpin')
      await expect(ana.rows).toHaveCount(6)
      await ana.page.screenshot(picture('room'))
      await ana.open()
      await ana.page.screenshot(picture('lobby'))
    })
  }
}

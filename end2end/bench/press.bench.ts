// From the press of a key to the paint that shows the message it sent.

import { expect, test } from '../support/test'
import { figure, median, ms, p95 } from './figure'
import { slow } from './slow'
import { Swarm, UNLIMITED } from './swarm'

const MESSAGES = 300
const TIMES = 50

test.use({ settings: UNLIMITED })

declare const scheduler: { postTask: (task: () => void, options: { priority: 'user-blocking' }) => void }

/** In the page: adds the time of each Enter to `window.presses`. */
const listen = () => {
  const newest = () => [...document.querySelectorAll<HTMLElement>('[data-message]')].at(-1)
  const presses: number[] = Object.assign(window, { presses: [] }).presses
  addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key !== 'Enter') return
      const before = newest()
      // A frame's callback runs before its paint, and a task that it makes after it: before all others,
      // for there may be some by then that have nothing to do with this frame.
      const frame = () => requestAnimationFrame(() => scheduler.postTask(look, { priority: 'user-blocking' }))
      const look = () => {
        if (newest() === before) frame()
        else presses.push(performance.now() - timeStamp)
      }
      frame()
    },
    true,
  )
}

/** In the page: once what has changed is painted and nothing else is to do. */
const painted = () => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))

for (const [slowed, target] of [[1, 16], [4, 50]] as const) {
  test(`a message is painted, with a processor slowed ${slowed} ×`, async ({ browser, person, server }) => {
    test.info().annotations.push({ type: 'browser', description: browser.version() })
    const ana = await person('Ana')
    const path = await ana.create()
    await Swarm.fill(new URL(path, server.url), MESSAGES)
    await expect(ana.rows.last()).toHaveAttribute('data-seq', String(MESSAGES))
    await slow(ana.page, slowed)
    await ana.page.evaluate(listen)
    const presses = () => ana.page.evaluate(() => (window as unknown as { presses: number[] }).presses)
    for (let n = 1; n <= TIMES; n++) {
      await ana.box.fill(`message ${n}`)
      // Nobody types so fast that the last letter is not painted when they press Enter.
      await ana.page.evaluate(painted)
      await ana.box.press('Enter')
      await expect.poll(() => presses().then((presses) => presses.length)).toBe(n)
      await expect(ana.unsent).toHaveCount(0)
    }
    const times = await presses()
    figure({
      what: `Key press to painted message, in a room of ${MESSAGES} messages, processor ${slowed === 1 ? 'as it is' : `slowed ${slowed} ×`}`,
      target: `median ≤ ${target} ms`,
      measured: `median ${ms(median(times))}, p95 ${ms(p95(times))}`,
      met: median(times) <= target,
      needed: median(times) / target,
    })
  })
}

// Coming into a room in which very much was said.

import { test } from '../support/test'
import { figure, median, ms, p95 } from './figure'
import { newRoom, Swarm, UNLIMITED } from './swarm'

const MESSAGES = 100_000
const TIMES = 500
const TARGET = 20

test.use({ settings: UNLIMITED })

test('a room of 100,000 messages is opened', async ({ server }) => {
  const room = await newRoom(server)
  await Swarm.fill(room, MESSAGES)
  type Took = Record<'page' | 'watch' | 'before' | 'on', number[]>
  const took = await Swarm.measure<Took>(room, 'open', TIMES, MESSAGES / 2)
  for (const [what, times] of [
    ['its page', took.page],
    ['a new socket, until the room is there', took.watch],
    ['`history?before=50000`', took.before],
    ['`?on=DATE`, and the page that it leads to', took.on],
  ] as const) {
    figure({
      what: `Room of 100,000 messages: ${what}`,
      target: `p95 ≤ ${TARGET} ms`,
      measured: `median ${ms(median(times))}, p95 ${ms(p95(times))}`,
      met: p95(times) <= TARGET,
      needed: p95(times) / TARGET,
    })
  }
})

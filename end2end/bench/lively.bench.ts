// Who is here and who types, in a room where nobody says anything and everybody does something.

import { test } from '../support/test'
import { figure } from './figure'
import { newRoom, Swarm } from './swarm'

const SECONDS = 20
const TARGET = 1_000

// Up to 200 people are told of by name, more are counted.
for (const people of [200, 1_000]) {
  test(`presence and typing in a lively room of ${people}`, async ({ server }) => {
    const room = await newRoom(server)
    // Whoever created it is a member too, and not there.
    const bytes = await Swarm.measure<number[]>(room, 'stir', people - 1, SECONDS)
    const most = Math.max(...bytes)
    figure({
      what: `Presence and typing in a lively room of ${people.toLocaleString('en')}, to each client`,
      target: `≤ ${TARGET.toLocaleString('en')} B/s`,
      measured: `${most.toLocaleString('en')} B/s`,
      met: most <= TARGET,
    })
  })
}

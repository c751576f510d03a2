// What Lighthouse says of the first pages that somebody sees, on a phone with a slow line.

import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from '../support/test'
import { figure, median } from './figure'
import { newRoom, Swarm, UNLIMITED } from './swarm'

const RUN = resolve('../bench/lighthouse/run')
const TIMES = 3
const TARGET = 95

type Report = { categories: Record<string, { title: string, score: number }> }

test.use({ settings: UNLIMITED })

for (const { name, categories } of [
  { name: 'the lobby', categories: ['performance', 'accessibility', 'best-practices', 'seo'] },
  { name: 'a room', categories: ['performance', 'accessibility', 'best-practices'] },
]) {
  test(`Lighthouse looks at ${name}`, async ({ server }) => {
    test.setTimeout(600_000)
    const room = await newRoom(server, { listed: 'on' })
    await Swarm.fill(room, 50)
    const url = name === 'a room' ? room.href : server.url
    const scores = new Map<string, number[]>()
    for (let time = 0; time < TIMES; time++) {
      const report: Report = JSON.parse(execFileSync(RUN, [url, ...categories], { encoding: 'utf8', maxBuffer: 1e8 }))
      for (const { title, score } of Object.values(report.categories)) {
        scores.set(title, [...(scores.get(title) ?? []), Math.round(score * 100)])
      }
    }
    for (const [title, all] of scores) {
      figure({
        what: `Lighthouse on a phone, ${name}: ${title}`,
        target: `≥ ${TARGET}`,
        measured: `${median(all)}`,
        met: median(all) >= TARGET,
      })
    }
  })
}

// A page that is looked at while very much is said.

import { expect, test } from '../support/test'
import { figure, ms } from './figure'
import { busy, heap, slow } from './slow'
import { Swarm } from './swarm'

const PEOPLE = 200
const PER_SECOND = 50
const SECONDS = 30
/** Until the page has more messages than it keeps. */
const SECONDS_BEFORE = 10

const SLOWED = 4
/** What Chromium calls a long task. */
const LONG = 50
const FLAT = 1.05
/** How far behind a page may be and still say so. */
const PATIENCE = 60_000

test('50 messages a second reach a page', async ({ person, server }) => {
  const ana = await person('Ana')
  const path = await ana.create()
  const swarm = new Swarm(new URL(path, server.url), 'talk', PEOPLE - 1)
  await swarm.line()
  const tools = await slow(ana.page, SLOWED)
  let said = 0
  /** How long the page takes to show the last of them once it was said. */
  const talk = async (seconds: number) => {
    await swarm.tell(`${PER_SECOND} ${seconds}`)
    const end = performance.now()
    said += PER_SECOND * seconds
    await expect(ana.rows.last()).toHaveAttribute('data-seq', String(said), { timeout: PATIENCE })
    return performance.now() - end
  }
  await talk(SECONDS_BEFORE)
  await ana.page.evaluate(() => {
    const long: number[] = Object.assign(window, { long: [] }).long
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((task) => task.duration)))
    observer.observe({ type: 'longtask' })
  })
  const [heapBefore, busyBefore] = [await heap(tools), await busy(tools)]
  const behind = await talk(SECONDS)
  const busySeconds = (await busy(tools)) - busyBefore
  const long = await ana.page.evaluate(() => (window as unknown as { long: number[] }).long)
  const heapAfter = await heap(tools)
  await swarm.end()

  const where = `${PER_SECOND} messages a second for ${SECONDS} s in a room of ${PEOPLE}, processor slowed ${SLOWED} ×`
  figure({
    what: `${where}: tasks over ${LONG} ms`,
    target: 'none',
    measured: long.length === 0 ? 'none' : `${long.length}, the longest ${ms(Math.max(...long))}`,
    met: long.length === 0,
  })
  figure({
    what: `${where}: the page is busy`,
    target: 'under 100 %',
    measured: `${((busySeconds / SECONDS) * 100).toFixed(0)} %, and shows the last message ${ms(behind)} after it was said`,
    met: busySeconds < SECONDS && behind < 1_000,
  })
  const flat = (what: string, before: number, after: number) => figure({
    what: `${where}: ${what} in use before and after`,
    target: 'within 5 %',
    measured: `${(before / 1e6).toFixed(1)} MB, ${(after / 1e6).toFixed(1)} MB`,
    met: after <= before * FLAT,
  })
  flat('JavaScript\'s heap', heapBefore.js, heapAfter.js)
  flat('WebAssembly\'s memory', heapBefore.wasm, heapAfter.wasm)
})

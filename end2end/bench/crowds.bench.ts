// Parley, with what is hard on it: many who write, many who hear, and some who mean harm.

import { expect, test } from '../support/test'
import { figure, median, ms } from './figure'
import { type Deliveries, type Entered, Host, measureOn, startAlone } from './load'
import { newRoom, Swarm } from './swarm'

const count = (value: number) => Math.round(value).toLocaleString('en')
const us = (value: number) => `${value.toFixed(2)} µs`
const ratio = (value: number) => `${value.toFixed(2)} ×`

const POSTERS = 64

/** What the second task costs of the first: medians of five pairs, in turn. And what the second came to. */
const pairs = async (...[first, second]: [(string | number)[], (string | number)[]]) => {
  const ones: Deliveries[] = []
  const others: Deliveries[] = []
  for (let pair = 0; pair < 5; pair++) {
    ones.push(await Host.parley.measure<Deliveries>(...first))
    others.push(await Host.parley.measure<Deliveries>(...second))
  }
  const of = (what: 'cpu_us_per_delivery' | 'p99_ms') =>
    median(others.map((other, pair) => other[what] / ones[pair]![what]))
  return { cpu: of('cpu_us_per_delivery'), p99: of('p99_ms'), others }
}

for (const host of [Host.parley, Host.postgres]) {
  test(`posts that are kept, ${host.name}`, async () => {
    // Each alone in a room: what somebody hears is that their own text is on disk.
    const best = await host.better<Deliveries>('p99_ms', POSTERS, 1, 'closed', 1)
    figure({
      what: `${host.name}: durable posts a second from ${POSTERS} people who each wait for theirs`,
      target: '≥ 10,000, p99 ≤ 25 ms',
      measured: `${count(best.texts_per_second)}, p99 ${ms(best.p99_ms)}`,
      met: best.texts_per_second >= 10_000 && best.p99_ms <= 25,
      needed: Math.max(10_000 / best.texts_per_second, best.p99_ms / 25),
    })
    // Whose text never has company, and so a transaction of its own.
    const alone = await host.better<Deliveries>('p99_ms', 1, 1, 'closed', 1)
    const times = best.texts_per_second / alone.texts_per_second
    figure({
      what: `${host.name}: the same, of those that one gets kept who posts alone: ${count(alone.texts_per_second)} a second, a transaction each`,
      target: '≥ 5 ×',
      measured: `${times.toFixed(1)} ×`,
      met: times >= 5,
    })
  })
}

test('a room of 100,000 messages is deleted beside those who post', async () => {
  test.setTimeout(600_000)
  const during: number[] = []
  const quiet: number[] = []
  for (let time = 0; time < 3; time++) {
    const server = await startAlone('--grace', '3')
    try {
      const room = await newRoom(server, { lifetime: 'while-here' })
      await Swarm.fill(room, 100_000)
      while ((await fetch(room)).status !== 404) await new Promise((next) => setTimeout(next, 100))
      const post = () => measureOn<Deliveries>(server, POSTERS, 1, '--seconds', 3, 'closed', 1)
      during.push((await post()).p99_ms)
      // Else part of it was measured in peace.
      expect(server.log).not.toContain('is deleted')
      while (!server.log.includes('is deleted')) await new Promise((next) => setTimeout(next, 100))
      quiet.push((await post()).p99_ms)
    } finally {
      await server.remove()
    }
  }
  const times = median(during) / median(quiet)
  figure({
    what: `a room of 100,000 messages is deleted while ${POSTERS} post: their p99, ${ms(median(quiet))} without`,
    target: '≤ 2 ×',
    measured: ratio(times),
    met: times <= 2,
  })
})

for (const { what, rooms, people } of [
  { what: '100 rooms of 20', rooms: 100, people: 20 },
  { what: '1 room of 1,000', rooms: 1, people: 1_000 },
]) {
  test(`20,000 deliveries a second, ${what}`, async () => {
    const of = (host: Host) => host.better<Deliveries>('p99_ms', rooms, people, 'open', 20_000 / people)
    // What the machine, the load and a server that keeps nothing take of it.
    const [best, axum] = [await of(Host.parley), await of(Host.axum)]
    figure({
      what: `20,000 deliveries a second, ${what}: from said to seen; axum's, which keeps nothing, p99 ${ms(axum.p99_ms)}`,
      target: 'p99 ≤ 10 ms',
      measured: `median ${ms(best.p50_ms)}, p99 ${ms(best.p99_ms)}`,
      met: best.p99_ms <= 10,
      needed: best.p99_ms / 10,
    })
  })
}

const CROWD = '10,000 connections, each in 10 of 500 rooms'
const IN_TEN_OF_MANY = [500, 200, '--each', 10]
const A_TENTH_OF_THEM = [50, 200, '--each', 10]
const IN_ONE_OF_FEW = [50, 200]

for (const { what, tenth, crowd, rates } of [
  { what: '1 room of 5,000 connections', tenth: [1, 500], crowd: [1, 5_000], rates: [20, 20] },
  { what: CROWD, tenth: A_TENTH_OF_THEM, crowd: IN_TEN_OF_MANY, rates: [10, 100] },
]) {
  test(`ten times the people and the deliveries cost ten times as much, ${what}`, async () => {
    test.setTimeout(1_200_000)
    const task = (rate?: number) => ['--seconds', 20, 'open', rate!]
    const { cpu, others } = await pairs([...tenth, ...task(rates[0])], [...crowd, ...task(rates[1])])
    const of = (what: 'cpu_us_per_delivery' | 'deliveries_per_second' | 'p99_ms') => median(others.map((other) => other[what]))
    figure({
      what: `${what}, ${rates[1]} texts a second: CPU a delivery, ${count(of('deliveries_per_second'))} of them a second, of a tenth of the people with a tenth of these`,
      target: '≤ 1.1 ×',
      measured: `${ratio(cpu)}: ${us(of('cpu_us_per_delivery'))}, p99 ${ms(of('p99_ms'))}`,
      met: cpu <= 1.1,
    })
    const enter = (people: (string | number)[]) => Host.parley.better<Entered>('kb_per_socket', ...people, 'enter')
    const [few, many] = [await enter(tenth), await enter(crowd)]
    const memory = many.kb_per_socket / few.kb_per_socket
    figure({
      what: `${what}: memory each, of a tenth of the people`,
      target: '≤ 1.1 ×',
      measured: `${ratio(memory)}: ${many.kb_per_socket.toFixed(1)} KB`,
      met: memory <= 1.1,
    })
  })
}

test('four times the deliveries to the same people cost four times as much', async () => {
  test.setTimeout(1_200_000)
  const { cpu, others } = await pairs([...IN_TEN_OF_MANY, 'open', 100], [...IN_TEN_OF_MANY, 'open', 400])
  const said = median(others.map((other) => other.deliveries_per_second))
  figure({
    what: `${CROWD}: CPU a delivery, with 400 texts and ${count(said)} deliveries a second, of those with 100`,
    target: '≤ 1 ×',
    measured: ratio(cpu),
    met: cpu <= 1,
  })
})

for (const { what, crowd, rate } of [
  { what: '1 room of 5,000 connections', crowd: [1, 5_000], rate: 20 },
  { what: CROWD, crowd: IN_TEN_OF_MANY, rate: 100 },
]) {
  test(`who is here, and who types, ${what}`, async () => {
    const task = ['--stir', '--seconds', 20, 'open', rate]
    const { presence_bytes_per_second: here, typing_bytes_per_second: typing } = await Host.parley.measure<Deliveries>(...crowd, ...task)
    figure({
      what: `${what}, of which in each second one in a hundred types and looks away and another one looks again, ${rate} texts a second: presence and typing to each client`,
      target: '≤ 1,000 B/s',
      measured: `${count(here)} and ${count(typing)} B/s`,
      met: here + typing <= 1_000,
    })
    // Else there was nothing to tell.
    expect(Math.min(here, typing)).toBeGreaterThan(0)
  })
}

test('rooms in which nobody says anything cost their bytes only', async () => {
  test.setTimeout(1_200_000)
  // The numbers of those who came are told of other rooms every 10 s, and once: that is not what quiet rooms cost.
  const talk = ['--settle', 11, 'open', 100]
  const { cpu } = await pairs([...IN_ONE_OF_FEW, ...talk], [...IN_TEN_OF_MANY, '--first', ...talk])
  figure({
    what: `${CROWD}, 9 of which are quiet: CPU a delivery, of the one to as many in one room each, 100 texts a second`,
    target: '≤ 1.1 ×',
    measured: ratio(cpu),
    met: cpu <= 1.1,
  })
  const enter = (crowd: (string | number)[]) => Host.parley.better<Entered>('kb_per_socket', ...crowd, 'enter')
  const [one, ten] = [await enter(IN_ONE_OF_FEW), await enter(IN_TEN_OF_MANY)]
  const quiet = Math.round(((ten.kb_per_socket - one.kb_per_socket) / 9) * 1024)
  figure({
    what: `${CROWD}: memory of each, for each room that it is in beside the first`,
    target: '≤ 1 KB',
    measured: `${count(quiet)} bytes; ${ten.kb_per_socket.toFixed(1)} KB in all`,
    met: quiet <= 1024,
  })
})

// At a fixed rate those beside them hear the same with and without them, for long enough that those who never read
// are sent away and come again. In a closed loop they take what is left.
for (const { how, task } of [
  { how: '160 texts a second', task: ['--seconds', 20, 'open', 160] },
  { how: 'one text under way all the time', task: ['--seconds', 20, 'closed', 1] },
  { how: 'sixteen texts under way all the time', task: ['--seconds', 20, 'closed', 16] },
]) {
  test(`those who never read and those who send garbage, ${how}`, async () => {
    test.setTimeout(1_200_000)
    const TROUBLE = 20
    const { cpu, p99, others } = await pairs([1, 500, ...task], [1, 500, '--trouble', TROUBLE, ...task])
    figure({
      what: `${TROUBLE} who never read and ${TROUBLE} who send garbage, beside 500 with ${how}: the others' CPU a delivery and p99`,
      target: '≤ 1.1 ×, ≤ 1.5 ×',
      measured: `${ratio(cpu)}, ${ratio(p99)}`,
      met: cpu <= 1.1 && p99 <= 1.5,
    })
    for (const { sent_away } of others) {
      // Else there was no trouble.
      expect(sent_away.never_reads).toBeGreaterThanOrEqual(TROUBLE)
      expect(sent_away.garbage).toBeGreaterThanOrEqual(TROUBLE)
    }
  })
}

// Whom limits keep out and whom they do not: a class behind one address, those who guess codes, and what
// whoever has a clock hears of a room that is locked.

import { expect, test } from '../support/test'
import { address, ask, BEHIND_PROXY } from './elsewhere'
import { figure, median, ms, p95 } from './figure'
import { newHost, newRoom } from './swarm'

const count = (value: number) => value.toLocaleString('en')

const LETTERS = 'ABCDEFGHJKMNPRSTUVWXYZ'
/** So many a code has while there are few rooms. */
const LENGTH = 4
const CODES = LETTERS.length ** LENGTH

/** Each code once, in an order that has nothing to do with that of the letters. */
const code = (n: number) => {
  const at = (n * 123_457) % CODES
  return Array.from({ length: LENGTH }, (_, place) => LETTERS[Math.floor(at / LETTERS.length ** place) % LETTERS.length]).join('')
}

test.use({ settings: BEHIND_PROXY })

const PUPILS = 200
/** As many as somebody may say at once. */
const TEXTS = 10

/** With another letter in this place. */
const mistyped = (code: string, place: number) => {
  const letter = LETTERS[(LETTERS.indexOf(code.charAt(place)) + 1) % LETTERS.length]
  return code.slice(0, place) + letter + code.slice(place + 1)
}

/** Types another address than is on the blackboard, then another code, comes in and talks: whether each went well. */
const comeIn = async (room: URL, n: number) => {
  const pupil: { from: string, cookie?: string } = { from: address(0) }
  const name = `Pupil ${n}`
  const right = room.pathname.replace('/r/', '')
  const went: boolean[] = []
  const does = async (path: string, expected: number, fields?: Record<string, string>) => {
    const answer = await ask(new URL(path, room), pupil, fields)
    pupil.cookie ??= answer.cookie
    went.push(answer.status === expected)
  }
  await does(`/r/${mistyped(right, n % LENGTH)}`, 404)
  await does('/join', 404, { name, code: mistyped(right, (n + 1) % LENGTH) })
  await does(room.pathname, 200)
  await does(`${room.pathname}/join`, 200, { name })
  for (let text = 0; text < TEXTS; text++) {
    const id = `018f4d1e-8c5a-7b3e-9f21-${(n * TEXTS + text).toString().padStart(12, '0')}`
    await does(room.pathname, 200, { id, body: `Is this on? ${text}` })
  }
  return went
}

test('a class behind one address', async ({ server }) => {
  const room = await newRoom(server)
  const began = performance.now()
  const pupils = await Promise.all(Array.from({ length: PUPILS }, (_, n) => comeIn(room, n)))
  const seconds = (performance.now() - began) / 1000
  const went = pupils.flat()
  const refused = went.filter((well) => !well).length
  figure({
    what: `${PUPILS} people behind one address mistype a code twice each, join and say ${TEXTS} texts: refused`,
    target: 'none, within a minute',
    measured: `${refused === 0 ? 'none' : count(refused)} of ${count(went.length)} requests, within ${seconds.toFixed(1)} s`,
    met: refused === 0 && seconds <= 60,
  })
})

const ROOMS = 1_000
const GUESSES = 20_000
/** Guesses that are on their way at the same time. */
const AT_ONCE = 20

type Guessed = { found: number, missed: number, waited: number, seconds: number }

for (const { who, addresses, areHosts, what, target, measured, met } of [
  {
    who: 'in no room',
    addresses: 200,
    areHosts: false,
    what: 'told that there is no such room',
    target: '≤ 6,000 and 300 a minute',
    measured: ({ missed }: Guessed) => missed,
    met: ({ missed, seconds }: Guessed) => missed <= 6_000 + 5 * seconds,
  },
  // So many addresses have more between them than there are guesses: nothing holds these.
  {
    who: 'each in a room of their own',
    addresses: 200,
    areHosts: true,
    what: 'told to wait',
    target: 'none: each address has 3,000',
    measured: ({ waited }: Guessed) => waited,
    met: ({ waited }: Guessed) => waited === 0,
  },
  {
    who: 'each in a room of their own',
    addresses: 5,
    areHosts: true,
    what: 'told that there is no such room',
    target: '≤ 3,000 an address and 60 a minute',
    measured: ({ missed }: Guessed) => missed,
    met: ({ missed, seconds }: Guessed) => missed <= 5 * (3_000 + seconds),
  },
]) {
  test(`codes are guessed by people ${who}, at ${addresses} addresses`, async ({ server }) => {
    const hosts: { room: URL, cookie: string }[] = []
    while (hosts.length < ROOMS) hosts.push(await newHost(server))
    const statuses: number[] = []
    let next = 0
    const guess = async () => {
      while (next < GUESSES) {
        const n = next++
        const at = n % addresses
        const guesser = { from: address(at), cookie: areHosts ? hosts[at]?.cookie : undefined }
        statuses.push((await ask(new URL(`/r/${code(n)}`, server.url), guesser)).status)
      }
    }
    const member = hosts.at(-1)
    if (!member) throw new Error('there is no room')
    const visits: { status: number, ms: number }[] = []
    const visit = async () => {
      while (statuses.length < GUESSES) visits.push(await ask(member.room, { from: address(0), cookie: member.cookie }))
    }
    // Or nothing could be found.
    expect((await ask(member.room, { from: address(addresses) })).status).toBe(200)
    const began = performance.now()
    await Promise.all([visit(), ...Array.from({ length: AT_ONCE }, guess)])
    const seconds = (performance.now() - began) / 1000

    const [found = 0, missed = 0, waited = 0] = [200, 404, 429].map((status) => statuses.filter((one) => one === status).length)
    expect(found + missed + waited).toBe(GUESSES)
    const guessed = { found, missed, waited, seconds }
    figure({
      what: `${count(GUESSES)} guesses at ${count(ROOMS)} rooms by people ${who}, at ${addresses} addresses: ${what}`,
      target,
      measured: `${count(measured(guessed))} in ${seconds.toFixed(1)} s`,
      met: met(guessed),
    })
    const chance = ((found + missed) * ROOMS) / CODES
    figure({
      what: 'the same: rooms found',
      target: 'no more than by chance, within three deviations',
      measured: `${found} of ${count(ROOMS)}; by chance ${chance.toFixed(0)}`,
      met: found <= chance + 3 * Math.sqrt(chance),
    })
    const times = visits.map(({ ms }) => ms)
    const welcome = visits.filter(({ status }) => status === 200).length
    figure({
      what: 'the same: meanwhile, visits of a member of one of the rooms who is at one of the addresses',
      target: 'all answered, p95 ≤ 100 ms',
      measured: `${count(welcome)} of ${count(visits.length)}, median ${ms(median(times))}, p95 ${ms(p95(times))}`,
      met: welcome === visits.length && p95(times) <= 100,
    })
  })
}

const PAIRS = 5_000
/** Until the server and this program run as fast as they can. */
const BEFORE = 500
const LOCKED = 20

test.describe('a room that is locked and none', () => {
  // All together would have to wait.
  test.use({ settings: [...BEHIND_PROXY, '--misses-in-all', '60000+60000'] })

  test('take as long', async ({ server }) => {
    const locked: URL[] = []
    while (locked.length < LOCKED) {
      const { room, cookie } = await newHost(server)
      const lock = { act: 'admission', admission: 'locked' }
      const done = await ask(new URL(`${room.pathname}/act`, room), { from: address(0), cookie }, lock)
      expect(done.status).toBe(200)
      locked.push(room)
    }
    const statuses = new Set<number>()
    const asked = {
      locked: { rooms: locked, took: [] as number[] },
      missing: { rooms: locked.map((_, n) => new URL(`/r/${code(n)}`, server.url)), took: [] as number[] },
    }
    let strangers = 0
    for (let pair = 0; pair < BEFORE + PAIRS; pair++) {
      // Whichever comes second finds the server as the first left it.
      const order = pair % 2 ? [asked.locked, asked.missing] : [asked.missing, asked.locked]
      for (const { rooms, took } of order) {
        const room = rooms[Math.floor(pair / 2) % LOCKED]
        if (!room) throw new Error('there is no such room')
        // From an address that was never here, which has all of its budget.
        const answer = await ask(room, { from: address(++strangers) })
        statuses.add(answer.status)
        if (pair >= BEFORE) took.push(answer.ms)
      }
    }
    expect([...statuses]).toEqual([404])
    const [there, none] = [asked.locked.took, asked.missing.took]
    const times = median(there) / median(none)
    const longer = there.filter((ms, pair) => ms > (none[pair] ?? NaN)).length / PAIRS
    const us = (values: number[]) => `${Math.round(1000 * median(values))} µs`
    figure({
      what: `A locked room and none, asked for by strangers in turn, ${count(PAIRS)} times each`,
      target: 'within 5 %, the locked one longer in 45 to 55 %',
      measured: `medians ${us(there)}, ${us(none)}: ${times.toFixed(3)} ×; the locked one took longer in ${Math.round(100 * longer)} %`,
      met: Math.abs(times - 1) <= 0.05 && Math.abs(longer - 0.5) <= 0.05,
    })
  })
})

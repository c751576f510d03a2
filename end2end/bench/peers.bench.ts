// What a server takes to bring texts to people, beside others who keep nothing of them.

import { test } from '../support/test'
import { figure, ms, pace, table } from './figure'
import { type Deliveries, type Entered, Host } from './load'

const WINDOWS = [1, 4, 16]
const SHAPES = [
  { what: '100 rooms of 20', rooms: 100, people: 20 },
  { what: '1 room of 1,000', rooms: 1, people: 1_000 },
]
const SOCKETS = 5_000

const us = (value: number) => `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} µs`
const speed = ({ deliveries_per_second: many, p50_ms, p99_ms }: Deliveries) =>
  `${Math.round(many).toLocaleString('en')}; ${ms(p50_ms)}, ${ms(p99_ms)}`
const kb = (value: number) => `${value.toFixed(1)} KB`

type Cell = { shape: (typeof SHAPES)[number], window: number, best: Map<Host, Deliveries> }

/** What Parley may take at most, and because of whom. */
const limits = ({ shape, window, best }: Cell) => {
  const of = (host: Host) => best.get(host)?.cpu_us_per_delivery ?? NaN
  const small = shape.rooms > 1
  return [
    small ? [of(Host.axum) + 3, 'axum\'s + 3 µs'] : [1.3 * of(Host.axum), '1.3 × axum\'s'],
    [of(Host.flask) / 4, '¼ of Flask-SocketIO\'s'],
    small && window === 1 ? [1.4 * of(Host.ws), '1.4 × ws\'s'] : [of(Host.ws), 'less than ws\'s'],
  ] as [number, string][]
}

test('deliveries, joins and idle connections', async () => {
  test.setTimeout(3_600_000)
  const cells: Cell[] = SHAPES.flatMap((shape) => WINDOWS.map((window) => ({ shape, window, best: new Map() })))
  for (const { shape, window, best } of cells) {
    // Side by side: whatever else the machine does happens to all of them.
    for (const host of Host.all) {
      const task = [shape.rooms, shape.people, 'closed', window]
      best.set(host, await host.better<Deliveries>('cpu_us_per_delivery', ...task))
    }
  }
  const entered = new Map<Host, Entered>()
  for (const host of Host.all) {
    entered.set(host, await host.better<Entered>('cpu_us_per_join', 1, SOCKETS, 'enter'))
  }

  const yardstick = cells.find(({ shape, window }) => shape.rooms === 1 && window === 1)
  pace(yardstick!.best.get(Host.axum)!.cpu_us_per_delivery)
  const columns = cells.map(({ shape, window }) => `${shape.what}: ${window}`)
  table({
    head: ['CPU a delivery; the texts of each room under way', ...columns, 'idle connection', 'CPU a join'],
    rows: Host.all.map((host) => {
      const { kb_per_socket, cpu_us_per_join } = entered.get(host)!
      const cpu = cells.map(({ best }) => us(best.get(host)!.cpu_us_per_delivery))
      return [host.name, ...cpu, kb(kb_per_socket), us(cpu_us_per_join)]
    }),
  })
  table({
    head: ['Of the same runs: deliveries a second; from said to seen, median and p99', ...columns],
    rows: Host.all.map((host) => [host.name, ...cells.map(({ best }) => speed(best.get(host)!))]),
  })
  for (const cell of cells) {
    const [limit, why] = limits(cell).reduce((one, other) => (other[0] < one[0] ? other : one))
    const measured = cell.best.get(Host.parley)!.cpu_us_per_delivery
    figure({
      what: `${cell.shape.what}, ${cell.window} ${cell.window === 1 ? 'text' : 'texts'} of each under way: CPU a delivery`,
      target: `≤ ${us(limit)} (${why})`,
      measured: us(measured),
      met: measured <= limit,
    })
  }
  const { kb_per_socket, cpu_us_per_join } = entered.get(Host.parley)!
  const many = `${SOCKETS.toLocaleString('en')} connections in one room`
  figure({ what: `${many}: memory each`, target: '≤ 8 KB', measured: kb(kb_per_socket), met: kb_per_socket <= 8 })
  figure({
    what: `${many}: CPU a join, with the newest 50 messages`,
    target: '≤ 120 µs',
    measured: us(cpu_us_per_join),
    met: cpu_us_per_join <= 120,
    needed: cpu_us_per_join / 120,
  })
})

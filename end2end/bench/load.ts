// Servers with rooms on a processor of their own, Parley and its peers, and the load on them, which has
// another one: what one of them takes, the other does not miss.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Server } from '../support/server'
import { UNLIMITED } from './swarm'

const LOAD = resolve(process.env.LOAD ?? '../target/release/load')
const CLUSTER = resolve(process.env.CLUSTER ?? '../target/release/cluster')
const PEERS = resolve('../bench/peers/start')
const SERVERS_PROCESSOR = ['taskset', '-c', '0']
const LOADS_PROCESSOR = ['-c', '1']

/** A room takes everyone who comes. */
const FOR_MANY = [...UNLIMITED, '--capacity', '10000']

/** Nothing that is measured takes longer, and what does hangs. */
const PATIENCE = 180_000

type Dialect = 'parley' | 'plain' | 'socketio'

export type Deliveries = {
  cpu_us_per_delivery: number
  deliveries_per_second: number
  texts_per_second: number
  p50_ms: number
  p99_ms: number
  presence_bytes_per_second: number
  typing_bytes_per_second: number
  /** Connections that the server ended of those who make trouble. */
  sent_away: { never_reads: number, garbage: number }
}

export type Entered = { cpu_us_per_join: number, kb_per_socket: number }

type Running = {
  address: string
  pid: number
  /** Starts it anew, with what it keeps and none of the memory that it needed so far. Returns which process it is then. */
  restart(): Promise<number>
  stop(): Promise<unknown>
}

const measure = async <T>(dialect: Dialect, { address, pid, restart }: Running, ...task: (string | number)[]) => {
  const load = [...LOADS_PROCESSOR, LOAD, dialect, address, pid, ...task].map(String)
  const child = spawn('taskset', load, { stdio: ['pipe', 'pipe', 'inherit'], timeout: PATIENCE })
  const gone = once(child, 'exit')
  // How it ended is said below, whatever came first.
  gone.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  try {
    let measured = ''
    for await (const line of createInterface(child.stdout)) {
      if (line === 'seated') child.stdin.write(`${await restart()}\n`)
      else measured = line
    }
    const [code, signal] = await gone
    if (code !== 0) throw new Error(`the load ended with ${code ?? signal}`)
    return JSON.parse(measured) as T
  } finally {
    // It would wait for a server that did not start again.
    child.kill()
  }
}

const ours = (server: Server, stop: () => Promise<unknown> = () => server.remove()): Running => ({
  address: `127.0.0.1:${server.port}`,
  pid: server.pid,
  restart: async () => {
    await server.stop()
    await server.start()
    return server.pid
  },
  stop,
})

/** Of one of ours that runs already. */
export const measureOn = <T>(server: Server, ...task: (string | number)[]) =>
  measure<T>('parley', ours(server), ...task)

/** One of ours on the processor that servers have. */
export const startAlone = (...settings: string[]) => Server.start([...FOR_MANY, ...settings], SERVERS_PROCESSOR)

export class Host {
  private constructor(
    readonly name: string,
    private readonly dialect: Dialect,
    private readonly start: () => Promise<Running>,
  ) {}

  static readonly parley = new Host('Parley', 'parley', async () => {
    return ours(await startAlone())
  })

  /** On a database of its own, which has both processors. */
  static readonly postgres = new Host('Parley on PostgreSQL', 'parley', async () => {
    const cluster = spawn(CLUSTER, { stdio: ['pipe', 'pipe', 'inherit'] })
    const gone = once(cluster, 'exit')
    const end = () => (cluster.stdin.end(), gone)
    const [url] = (await Promise.race([
      once(createInterface(cluster.stdout), 'line'),
      gone.then(() => { throw new Error('the cluster ended') }),
    ])) as [string]
    const server = await Server.start([...FOR_MANY, '--database-url', url], SERVERS_PROCESSOR).catch(async (error) => {
      await end()
      throw error
    })
    return ours(server, () => server.remove().then(end))
  })

  static readonly axum = Host.peer('axum: a queue a connection, one flush', 'plain', 'axum')
  static readonly ws = Host.peer('ws 8, Node', 'plain', 'ws')
  static readonly socketio = Host.peer('Socket.IO 4, Node', 'socketio', 'socketio')
  static readonly flask = Host.peer('Flask-SocketIO, gevent', 'socketio', 'flask')

  static readonly all = [Host.parley, Host.axum, Host.ws, Host.socketio, Host.flask]

  private static peer(name: string, dialect: Dialect, which: string) {
    return new Host(name, dialect, async () => {
      const [command = '', ...before] = SERVERS_PROCESSOR
      const child = spawn(command, [...before, PEERS, which], { stdio: ['ignore', 'pipe', 'inherit'] })
      const gone = once(child, 'exit')
      const [address] = (await Promise.race([
        once(createInterface(child.stdout), 'line'),
        gone.then(() => { throw new Error(`${which} ended`) }),
      ])) as [string]
      const stop = () => (child.kill('SIGKILL'), gone)
      const pid = child.pid ?? 0
      // It keeps nothing, and nobody was there before.
      return { address, pid, restart: () => Promise.resolve(pid), stop }
    })
  }

  /** Of a server that was just started. */
  async measure<T>(...task: (string | number)[]) {
    const server = await this.start()
    try {
      return await measure<T>(this.dialect, server, ...task)
    } finally {
      await server.stop()
    }
  }

  /** The better of two. */
  async better<T>(by: keyof T, ...task: (string | number)[]) {
    const [one, other] = [await this.measure<T>(...task), await this.measure<T>(...task)]
    return one[by] <= other[by] ? one : other
  }
}

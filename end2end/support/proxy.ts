// A line that can be cut. It stands between browsers and server and passes bytes, until it is told
// otherwise. (A browser's own offline switch leaves open sockets open, and so proves nothing.)

import { EventEmitter, once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** One connection of a browser and its counterpart to the server. */
class Pair {
  private mode: Mode = 'pass'
  private live: boolean | undefined
  private ended = false

  constructor(
    private readonly browser: Socket,
    private readonly server: Socket,
    private readonly modeOf: (live: boolean) => Mode,
    done: () => void,
  ) {
    const end = () => {
      if (this.ended) return
      this.ended = true
      browser.destroy()
      server.destroy()
      done()
    }
    for (const socket of [browser, server]) {
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', end)
    }
    browser.on('data', (bytes) => {
      // What a connection is for, its first line says.
      if (this.live === undefined) {
        this.live = /^GET \/live[? ]/.test(bytes.subarray(0, 10).toString('latin1'))
        this.set(this.modeOf(this.live))
      }
      if (this.mode === 'refuse') this.reset()
      else if (this.mode === 'freeze') browser.unshift(bytes)
      else server.write(bytes)
    })
    server.on('data', (bytes) => {
      if (this.mode !== 'swallow') browser.write(bytes)
    })
  }

  get isLive() {
    return this.live === true
  }

  set(mode: Mode) {
    this.mode = mode
    for (const socket of [this.browser, this.server]) {
      if (mode === 'freeze') socket.pause()
      else socket.resume()
    }
  }

  reset() {
    this.browser.resetAndDestroy()
    this.server.resetAndDestroy()
  }
}

/**
 * - `pass`: as if it were not there.
 * - `refuse`: every new connection is reset.
 * - `freeze`: nothing moves in either direction, and nothing says so.
 * - `swallow`: the server gets all, and nothing of what it answers comes back.
 */
type Mode = 'pass' | 'refuse' | 'freeze' | 'swallow'

/** All connections, or only WebSockets: with `live`, pages can still be loaded. */
type What = 'all' | 'live'

export class Proxy {
  private readonly pairs = new Set<Pair>()
  private readonly modes: Record<What, Mode> = { all: 'pass', live: 'pass' }
  private readonly refusals = new EventEmitter()
  private listener: Server | undefined
  port = 0

  private constructor(private readonly target: number) {}

  static async start(target: number) {
    const proxy = new Proxy(target)
    const listener = createServer((browser) => proxy.accept(browser)).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    proxy.listener = listener
    proxy.port = (listener.address() as AddressInfo).port
    return proxy
  }

  get url() {
    return `http://127.0.0.1:${this.port}`
  }

  /** How present and new connections behave from now on. What was frozen goes on where it stood. */
  set(mode: Mode, what: What = 'all') {
    this.modes[what] = mode
    if (what === 'all') this.modes.live = mode
    for (const pair of this.pairs) if (what === 'all' || pair.isLive) pair.set(mode)
  }

  /** Resets what is open, and what comes until `pass`. */
  cut(what: What = 'all') {
    this.set('refuse', what)
    for (const pair of this.pairs) if (what === 'all' || pair.isLive) pair.reset()
  }

  pass() {
    this.set('pass')
  }

  /** Returns when a page has just tried in vain: its next try by itself is farthest away then. */
  async refusal() {
    await once(this.refusals, 'live')
  }

  async stop() {
    for (const pair of this.pairs) pair.reset()
    this.listener?.close()
  }

  private accept(browser: Socket) {
    const server = connect(this.target, '127.0.0.1')
    const pair: Pair = new Pair(
      browser,
      server,
      (live) => {
        const mode = this.modes[live ? 'live' : 'all']
        if (live && mode === 'refuse') this.refusals.emit('live')
        return mode
      },
      () => this.pairs.delete(pair),
    )
    this.pairs.add(pair)
  }
}

// The real server: the release, as a process of its own, with a data folder of its own.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const BINARY = resolve(process.env.PARLEY ?? '../target/release/parley')

/** Where sockets are opened, by whoever is not the page. */
export const LIVE = '/live?version=6'

/** Chromium is told that this is this machine: see the configuration. */
const NAMED = 'parley.test'

export const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Where others reach this machine: no browser trusts it without HTTPS. */
export const foreignHost = () => {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return addresses.find((one) => one.family === 'IPv4' && !one.internal)?.address ?? NAMED
}

export class Server {
  private process: ChildProcess | undefined
  log = ''

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly settings: string[],
    private readonly before: string[],
  ) {}

  /** `before` is a command that becomes the one behind it, such as `taskset -c 0`. */
  static async start(settings: string[] = [], before: string[] = []) {
    const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), 'parley-')), settings, before)
    await server.start()
    return server
  }

  get pid() {
    return this.process?.pid ?? 0
  }

  get url() {
    return `http://127.0.0.1:${this.port}`
  }

  /** Also again, after `kill` or `stop`: on the same port and data. Returns when it takes requests. */
  async start() {
    const kept = Object.entries(process.env).filter(([name]) => !/^(PARLEY|LEPTOS|HOST$|PORT$)/.test(name))
    const server = [BINARY, '--listen', `0.0.0.0:${this.port}`, '--data', this.data, ...this.settings]
    const [command = '', ...rest] = [...this.before, ...server]
    const child = spawn(command, rest, {
      env: Object.fromEntries(kept),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process = child
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.log += text))
    const gone = once(child, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code}:\n${this.log}`)
    })
    // Only one that ends before it was ready is a failure here.
    gone.catch(() => undefined)
    await Promise.race([this.ready(), gone])
  }

  private async ready() {
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined)
      if (answer?.ok) return
      await new Promise((next) => setTimeout(next, 20))
    }
  }

  /** What `parley admin` prints. */
  async admin(...command: string[]) {
    const { stdout } = await promisify(execFile)(BINARY, ['admin', ...command, '--data', this.data])
    return stdout
  }

  /** Without a chance to say goodbye. */
  kill() {
    return this.end('SIGKILL')
  }

  /** As an init system does it. Returns the exit code. */
  stop() {
    return this.end('SIGTERM')
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.process
    this.process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    child.kill(signal)
    const [code] = await once(child, 'exit')
    return code as number | null
  }

  async remove() {
    await this.end('SIGKILL')
    await rm(this.data, { recursive: true, force: true })
  }
}

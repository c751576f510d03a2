// Many people without browsers, as `swarm/` has them, in a room of this server's.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const BINARY = resolve(process.env.SWARM ?? '../target/release/swarm')

/** For a server that lets people talk as fast as they can, and come as many as there are. */
export const UNLIMITED = ['--post-burst', '1000000', '--posts-per-minute', '60000', '--join-flood', 'off']

export class Swarm {
  private readonly process: ChildProcess
  private readonly lines: AsyncIterator<string>

  constructor(room: URL, ...task: (string | number)[]) {
    const child = spawn(BINARY, [room.href, ...task.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.process = child
    this.lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  }

  /** What it says next; all of it comes in lines. */
  async line() {
    const { value, done } = await this.lines.next()
    if (done) throw new Error('the swarm ended')
    return value
  }

  tell(line: string) {
    this.process.stdin?.write(`${line}\n`)
    return this.line()
  }

  async end() {
    const gone = once(this.process, 'exit')
    this.process.stdin?.end()
    const [code] = await gone
    if (code !== 0) throw new Error(`the swarm ended with ${code}`)
  }

  /** Messages of ten people. */
  static fill(room: URL, messages: number) {
    return new Swarm(room, 'fill', messages).end()
  }

  /** What a task measures that says one thing and ends. */
  static async measure<T>(room: URL, ...task: (string | number)[]) {
    const swarm = new Swarm(room, ...task)
    const measured = JSON.parse(await swarm.line()) as T
    await swarm.end()
    return measured
  }
}

/** A new room, and the cookie of its host, who is not there. */
export const newHost = async (server: { url: string }, wish: Record<string, string> = {}) => {
  const headers = { accept: 'application/json' }
  const body = new URLSearchParams({ name: 'Ana', ...wish })
  const answer = await fetch(`${server.url}/rooms`, { method: 'POST', headers, body })
  const { room } = (await answer.json()) as { room: { code: string } }
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { room: new URL(`/r/${room.code}`, server.url), cookie }
}

export const newRoom = async (server: { url: string }, wish?: Record<string, string>) => (await newHost(server, wish)).room

// Many people without a browser: a session and a WebSocket each, as any program can have.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { LIVE } from './server'

export class Guest {
  private constructor(
    readonly name: string,
    private readonly socket: Socket,
  ) {}

  /** Joins the room and is there from then on. */
  static async join(base: string, room: string, name: string) {
    const headers = { accept: 'application/json' }
    const answer = await fetch(`${base}${room}/join`, { method: 'POST', headers, body: new URLSearchParams({ name }) })
    const { room: { id } } = (await answer.json()) as { room: { id: number } }
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const upgrade = request(`${base}${LIVE}`, {
      headers: {
        cookie, connection: 'Upgrade', upgrade: 'websocket',
        'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    }).end()
    const [, socket] = (await once(upgrade, 'upgrade')) as [unknown, Socket]
    const guest = new Guest(name, socket.resume())
    guest.send({ n: 1, command: { watch: { stream: { room: id }, since: null } } })
    // They answer no ping, and whoever is silent for 44 s is gone.
    const beat = setInterval(() => guest.send({ n: 2, command: 'beat' }), 15_000)
    socket.once('close', () => clearInterval(beat))
    return guest
  }

  /** So many, by the names Guest 1, Guest 2… in the order in which they joined. */
  static async crowd(base: string, room: string, count: number) {
    const guests: Guest[] = []
    for (let at = 1; at <= count; at++) guests.push(await Guest.join(base, room, `Guest ${at}`))
    return guests
  }

  /** One text frame (RFC 6455, 5.2), masked with zeros. */
  private send(value: unknown) {
    const text = Buffer.from(JSON.stringify(value))
    this.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]))
  }

  close() {
    this.socket.destroy()
  }
}

// Many messages at once, as no person types them: over sockets of the page's own session.

import type { Person } from './person'
import { LIVE } from './server'

/**
 * Says `count` messages in the room that is open, as fast as the server takes them: `1 said`, … They
 * go over several sockets, whose posts share commits, so places are given out in any order.
 */
export const flood = async (person: Person, count: number, say = (n: number) => `${n} said`) => {
  const texts = Array.from({ length: count }, (_, n) => say(n + 1))
  await person.page.evaluate(async ({ texts, live }) => {
    const [, , view] = JSON.parse(document.getElementById('page-data')!.textContent!)
    const room = view.page.room.id
    const uuid = () => {
      const time = Date.now().toString(16).padStart(12, '0')
      const hex = [...crypto.getRandomValues(new Uint8Array(10))].map((b) => b.toString(16).padStart(2, '0')).join('')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`
    }
    /** Nobody who posts here follows the room, so each post is answered by itself. */
    const sayAll = (texts: string[]) =>
      new Promise<void>((resolve, reject) => {
        const socket = new WebSocket(location.origin.replace('http', 'ws') + live)
        let left = texts.length
        socket.onopen = () =>
          texts.forEach((body, i) => socket.send(JSON.stringify({ n: i + 1, command: { post: { room, id: uuid(), body } } })))
        socket.onmessage = ({ data }) => {
          const event = JSON.parse(data)
          if (event.refused) reject(new Error(data))
          if (event.changes && --left === 0) socket.close()
        }
        socket.onclose = () => (left === 0 ? resolve() : reject(new Error(`${left} left`)))
      })
    const sockets = 10
    await Promise.all(
      Array.from({ length: sockets }, (_, at) => texts.filter((_, n) => n % sockets === at)).map((some) => some.length ? sayAll(some) : undefined),
    )
  }, { texts, live: LIVE })
}

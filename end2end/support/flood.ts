// Many messages at once, as no person types them: over a socket of the page's own session.

import { expect } from '@playwright/test'
import type { Person } from './person'

/** Says `count` messages in the room that is open, as fast as the server takes them: `1 said`, … */
export const flood = async (person: Person, count: number, say = (n: number) => `${n} said`) => {
  const texts = Array.from({ length: count }, (_, n) => say(n + 1))
  await person.page.evaluate(async (texts) => {
    const [, view] = JSON.parse(document.getElementById('page-data')!.textContent!)
    const room = view.page.room.id
    const uuid = () => {
      const time = Date.now().toString(16).padStart(12, '0')
      const hex = [...crypto.getRandomValues(new Uint8Array(10))].map((b) => b.toString(16).padStart(2, '0')).join('')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`
    }
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live?version=1`)
    const answered = (n: number) => new Promise<void>((resolve, reject) => {
      let left = n
      socket.onmessage = ({ data }) => {
        const event = JSON.parse(data)
        if (event.refused) reject(new Error(data))
        if (event.changes) left -= event.changes.values.filter((value: object) => 'message' in value).length
        if (left <= 0) resolve()
      }
    })
    await new Promise((resolve) => (socket.onopen = resolve))
    // The server reads on when what it has for us has gone out.
    for (let from = 0; from < texts.length; from += 200) {
      const some = texts.slice(from, from + 200)
      const all = answered(some.length)
      some.forEach((body, i) => socket.send(JSON.stringify({ n: from + i + 1, command: { post: { room, id: uuid(), body } } })))
      await all
    }
    socket.close()
  }, texts)
  await expect(person.page.locator('#page-data')).toBeAttached()
}

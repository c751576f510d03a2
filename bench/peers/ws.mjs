// Rooms on ws, as its own documentation does it: whoever is in a room is sent what is said there.

import { WebSocketServer } from 'ws'

const rooms = new Map()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ws' })

server.on('listening', () => console.log(`127.0.0.1:${server.address().port}`))
server.on('connection', (socket) => {
  let room
  socket.on('message', (data) => {
    const text = data.toString()
    if (room) {
      const said = JSON.stringify({ text })
      for (const member of room) member.send(said)
      return
    }
    const { join } = JSON.parse(text)
    room = rooms.get(join) ?? new Set()
    rooms.set(join, room.add(socket))
    socket.send(JSON.stringify({ joined: join }))
  })
  socket.on('close', () => room?.delete(socket))
  socket.on('error', () => socket.terminate())
})

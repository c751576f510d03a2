// Rooms on Socket.IO, as its own documentation does it.

import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false })

io.on('connection', (socket) => {
  let room
  socket.on('join', (name) => {
    room = name
    socket.join(room)
    socket.emit('joined', room)
  })
  socket.on('post', (text) => io.to(room).emit('text', text))
})
http.listen(0, '127.0.0.1', () => console.log(`127.0.0.1:${http.address().port}`))

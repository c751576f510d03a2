"""Rooms on Flask-SocketIO, as its own documentation does it, on gevent."""

from gevent import monkey

monkey.patch_all()

from flask import Flask, session  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

app = Flask(__name__)
app.secret_key = "a peer's"
socketio = SocketIO(app, async_mode="gevent")


@socketio.on("join")
def join(room):
    session["room"] = room
    join_room(room)
    emit("joined", room)


@socketio.on("post")
def post(text):
    emit("text", text, to=session["room"])


server = WSGIServer(("127.0.0.1", 0), app, log=None)
server.start()
print(f"127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()

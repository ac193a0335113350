"""Tiny processes that stand in for the portal's own.

python fake_children.py VERB PORT FOLDER; each notes its process id in FOLDER/VERB.pid.
"""

import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")


def main(verb, port, folder):
    note = Path(folder) / f"{verb}.pid"
    note.with_suffix(".new").write_text(str(os.getpid()))
    note.with_suffix(".new").rename(note)
    if verb == "serve":
        HTTPServer(("127.0.0.1", int(port)), Ready).serve_forever()
    elif verb == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # A grandchild that is as stubborn, in the same group.
        subprocess.run([sys.executable, __file__, "grandchild", port, folder], check=False)
    elif verb == "grandchild":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pause()
    elif verb == "work":
        signal.pause()
    elif verb == "fail":
        print("the table is missing")
        sys.exit(3)


if __name__ == "__main__":
    main(*sys.argv[1:])

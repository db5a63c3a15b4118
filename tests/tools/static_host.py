"""Builds of web/ with what tools/browser_page.py adds, and a host of files for them."""

import contextlib
import http.server
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.app.page_browser import needs_browser
from tools import browser_page

WEB = browser_page.PAINTER.parents[3]
needs_build = [
    *needs_browser,
    pytest.mark.skipif(not (WEB / "node_modules").is_dir(), reason="no npm ci in web/"),
]

TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript",
         ".css": "text/css", ".wasm": "application/wasm", ".png": "image/png",
         ".svg": "image/svg+xml", ".json": "application/json",
         "": "application/octet-stream"}  # fmt: skip


def build(config, folder):
    """Build a Vite configuration of web/ into a folder, with the model and 12 sketches."""
    command = ["npx", "vite", "build", "--config", config, "--outDir", folder]
    subprocess.run(command, cwd=WEB, check=True, capture_output=True)
    subprocess.run([sys.executable, browser_page.__file__, folder], check=True)
    return folder


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = TYPES

    def end_headers(self):
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def send_error(self, code, *arguments, **named):
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, *arguments, **named)
            return
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.read_bytes())

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def served(folder):
    """Serve a folder at an address of this machine until the block ends; yields the address."""
    handler = partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()

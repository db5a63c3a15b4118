"""A process that ends in the middle of its work."""

import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
from running_service import sketch_url
from test_attacks import call

HERE = Path(__file__).resolve().parent
SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = [{here!r}, {root!r}]
from quick_service import QuickColorizer, quick_studio
from pokecolor.app.listening import listen
from pokecolor.app.server import build_server, serve
bound = listen("127.0.0.1", 0)
studio = quick_studio(Path(sys.argv[1]), QuickColorizer(float(sys.argv[2])))
server = build_server(studio)
print(bound.getsockname()[1], flush=True)
serve(server, bound)
"""


def start(folder, seconds):
    script = SCRIPT.format(here=str(HERE), root=str(HERE.parent.parent))
    process = subprocess.Popen(
        [sys.executable, "-c", script, folder, str(seconds)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    url = f"http://127.0.0.1:{int(process.stdout.readline())}"
    for _ in range(600):
        try:
            httpx.get(f"{url}/healthy")
            return process, url
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError("it does not answer")


def stop(process, how):
    process.send_signal(how)
    process.wait(30)
    process.stdout.close()


def test_a_killed_service_leaves_a_whole_collection_and_no_orphans(tmp_path):
    key = secrets.token_urlsafe(32)
    process, url = start(tmp_path, 0.05)
    with httpx.Client(base_url=url, cookies={"pokecolor": key}, timeout=60) as visitor:
        kind, made = call(visitor, "colorize", sketch=sketch_url(), prompt="a red box")
        assert kind == "complete"
        # a second one is being painted, for some ten seconds
        begun = visitor.post(
            "/gradio_api/call/v2/colorize",
            json={"sketch": sketch_url(), "prompt": "a blue box", "steps": 50, "variants": 4},
        )
        assert begun.status_code == 200
        time.sleep(0.5)
    stop(process, signal.SIGKILL)

    rows = sqlite3.connect(tmp_path / "collection.sqlite3")
    assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert rows.execute("SELECT id FROM creation").fetchall() == [(made["id"],)]
    rows.close()
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == [made["id"]]

    # as if it had been killed between the files and the row
    (tmp_path / "pictures" / "half").mkdir()
    (tmp_path / "pictures" / "half" / "color-0.png").write_bytes(b"half")
    process, url = start(tmp_path, 0.0)
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == [made["id"]]
    with httpx.Client(base_url=url, cookies={"pokecolor": key}, timeout=60) as visitor:
        kept = call(visitor, "page")[1]
        assert [creation["id"] for creation in kept["creations"]] == [made["id"]], json.dumps(kept)
    stop(process, signal.SIGTERM)

"""A process that ends in the middle of its work."""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
from running_service import begin, ended, paint

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
studio.close()
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


def test_a_killed_service_leaves_a_whole_collection_and_goes_on_with_its_jobs(tmp_path):
    key = secrets.token_urlsafe(32)
    process, url = start(tmp_path, 0.05)
    with httpx.Client(base_url=url, cookies={"pokecolor": key}, timeout=60) as visitor:
        made = paint(visitor, prompt="a red box")
        # this one is being painted, for some ten seconds, while two others wait
        running = begin(visitor, prompt="a blue box", steps=50, variants=4, seed=7)
        waiting = begin(visitor, prompt="a green box", name="Mochi")
        given_up = begin(visitor)
        visitor.delete(f"/api/jobs/{given_up['id']}")
        while visitor.get(f"/api/jobs/{running['id']}").json()["progress"] < 0.02:
            time.sleep(0.05)
    stop(process, signal.SIGKILL)

    rows = sqlite3.connect(tmp_path / "collection.sqlite3")
    assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert rows.execute("SELECT id FROM creation").fetchall() == [(made["id"],)]
    rows.close()
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == [made["id"]]

    # as if it had been killed between the files and the row
    for home in ("pictures", "jobs"):
        (tmp_path / home / "half").mkdir()
        (tmp_path / home / "half" / "color-0.png").write_bytes(b"half")
    process, url = start(tmp_path, 0.0)
    with httpx.Client(base_url=url, cookies={"pokecolor": key}, timeout=60) as visitor:
        jobs = visitor.get("/api/jobs").json()["jobs"]
        assert [job["id"] for job in jobs[1:]] == [j["id"] for j in (running, waiting, given_up)]
        assert jobs[-1]["state"] == "canceled"
        blue, green = (
            visitor.get(f"/api/creations/{ended(visitor, job)['creation']}").json()
            for job in (running, waiting)
        )
        assert blue["seeds"] == [7, 8, 9, 10] and len(blue["pictures"]) == 4
        assert (green["name"], green["prompt"]) == ("Mochi", "a green box")
        kept = visitor.get("/api/creations").json()["creations"]
    assert [creation["id"] for creation in kept] == [green["id"], blue["id"], made["id"]]
    stop(process, signal.SIGTERM)
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {one["id"] for one in kept}
    assert list((tmp_path / "jobs").iterdir()) == []


def test_what_is_stopped_in_an_orderly_way_goes_on_too(tmp_path):
    key = secrets.token_urlsafe(32)
    process, url = start(tmp_path, 0.2)
    with httpx.Client(base_url=url, cookies={"pokecolor": key}, timeout=60) as visitor:
        jobs = [begin(visitor) for _ in range(2)]
        with visitor.stream("GET", "/api/events") as stream:
            lines = stream.iter_lines()  # which would close the stream as it is forgotten
            assert next(lines) == "retry: 2000"
            process.send_signal(signal.SIGTERM)
            process.wait(15)  # nor does an open stream hold it up
    stop(process, signal.SIGTERM)
    process, url = start(tmp_path, 0.0)
    with httpx.Client(base_url=url, cookies={"pokecolor": key}, timeout=60) as visitor:
        assert [ended(visitor, job)["state"] for job in jobs] == ["done"] * 2
    stop(process, signal.SIGTERM)

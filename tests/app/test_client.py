"""The API, as docs/serve.md says that a program calls it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")


def test_the_example_works_as_it_is_written(service, tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    script = example.replace("http://127.0.0.1:7860", service.url)
    assert script != example
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    picture = np.asarray(Image.open(tmp_path / "fox.png"))
    assert picture.shape == (128, 128, 3) and picture[64, 64, 0] > 150 > picture[64, 64, 1]
    seeds, verdicts = ast.literal_eval(f"[{done.stdout.replace('] [', '], [')}]")
    assert len(seeds) == 1 and verdicts[0]["state"] == "right"


def test_every_route_that_is_told_of_is_there(service):
    with service.visitor() as visitor:
        paths = visitor.get("/api/openapi.json").json()["paths"]
    known = {
        (method.upper(), re.sub(r"\{\w+\}", "X", path))
        for path, methods in paths.items()
        for method in methods
    }
    told = set()
    for cell in re.findall(r"^\| (`(?:GET|POST|PUT|DELETE).*?) \|", TEXT, re.MULTILINE):
        path = re.search(r"/api/[^`?]+", cell).group()
        for method in re.findall(r"\b(GET|POST|PUT|DELETE)\b", cell):
            told.add((method, re.sub(r"\b(ID|NUMBER)\b", "X", path)))
    assert len(told) >= 10 and told <= known

import csv
import io

import numpy as np
import pytest
from PIL import Image

from pokecolor.captioning.audit import CaptionAudit
from pokecolor.captioning.audit_report import (
    HEADER,
    Sample,
    SourceAudit,
    audit_rows,
    write_audit,
)

COLORS = [{"green": 0.75, "red": 0.25}, {"blue": 1.0}]
SAMPLES = [
    Sample(name, name, np.full((20, 30, 3), 90, np.uint8), colors)
    for name, colors in zip("ab", COLORS, strict=True)
]


def source(name, captions, bindings=()):
    findings = [CaptionAudit(text, c, 5) for text, c in zip(captions, COLORS, strict=True)]
    return SourceAudit(name, findings, list(bindings))


SOURCES = [
    source("clip", ["a green fox with red eyes", "a blue fox"], [1.0, None]),
    source("cnn_lstm", ["a <unk> fox", "a blue fox"]),
]


def test_a_row_for_each_source():
    clip, cnn_lstm = (dict(zip(HEADER, row, strict=True)) for row in audit_rows(SAMPLES, SOURCES))
    assert clip["source"] == "clip" and clip["captions"] == "2"
    assert clip["color F1 (95%)"] == "1.000 (1.000-1.000)"
    assert clip["binding (95%)"] == "1.000 (1.000-1.000)"
    assert cnn_lstm["color F1 (95%)"] == "0.500 (0.000-1.000)"
    assert cnn_lstm["<unk>"] == f"{1 / 6:.3f}" and cnn_lstm["no color"] == "0.500"
    assert cnn_lstm["binding (95%)"] == "-"


@pytest.fixture
def report(tmp_path):
    write_audit(tmp_path / "out", "Captions of foxes", SAMPLES, SOURCES)
    return tmp_path / "out"


def test_the_report_lists_the_captions_side_by_side(report):
    text = (report / "audit.md").read_text(encoding="utf-8")
    assert "# Captions of foxes" in text
    assert "- **a**: green 75%, red 25%\n  - clip (1.00): a green fox with red eyes\n" in text
    assert "a &lt;unk> fox" in text and "<unk>" not in text


def test_every_caption_is_in_the_table(report):
    rows = list(csv.DictReader(io.StringIO((report / "captions.csv").read_text("utf-8"))))
    assert [(row["id"], row["source"]) for row in rows] == [
        ("a", "clip"), ("a", "cnn_lstm"), ("b", "clip"), ("b", "cnn_lstm"),
    ]  # fmt: skip
    assert rows[1]["caption"] == "a <unk> fox" and rows[1]["f1"] == "0.000"


def test_each_source_has_a_picture_with_the_colors_as_a_bar(report):
    pixels = np.asarray(Image.open(report / "clip.png"))
    assert (report / "cnn_lstm.png").is_file()
    bar = pixels[4 + 160 - 4, 4 : 4 + 160]  # of the first image, in its lower edge
    assert tuple(bar[40]) == (0x5C, 0x9E, 0x31) and tuple(bar[140]) == (0xD2, 0x2F, 0x27)

"""Reports on pictures whose scores are known."""

import html.parser
import json
from types import SimpleNamespace

import numpy as np
import pytest

from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.figures import figures, in_words, left_out
from pokecolor.evaluation.guidance import GuidanceCurves
from pokecolor.evaluation.report import Setting, write_report
from pokecolor.schema import Part

GREEN, RED, WHITE = (92, 158, 49), (210, 47, 39), (255, 255, 255)
PROMPT = "a green <b>fox</b> & more"
SETTING = Setting("mini", "creatures", "test", "python evaluate.py", "seed: 0\n", 12.0)


def measured(value, backbone=None):
    return {"value": value, "ci95": (value - 0.1, value + 0.1), "n": 3, "backbone": backbone}


RESULTS = {
    "test/region_color": measured(0.75),
    "test/region_color_of_truth": measured(0.99),
    "test/region_color/body": measured(0.5),
    "test/fid": measured(12.34, "mini CLIP"),
    "test/kid": measured(0.01, "mini CLIP") | {"subset_size": 50},
}


def case(color, number):
    part_map = np.zeros((16, 16), np.uint8)
    part_map[4:12, 4:12] = 1
    sketch = np.full((16, 16, 3), 255, np.uint8)
    picture, truth = (np.array([WHITE, c], np.uint8)[part_map] for c in (color, GREEN))
    parts = (Part("body", "green", GREEN, True),)
    return Case(Drawing(f"d{number}", sketch, truth, PROMPT, parts, part_map, 0), picture)


class Module:
    """Has colored four drawings, three as asked; more guidance helps."""

    set_metrics = SimpleNamespace(kid_subset_size=50)

    def __init__(self, cases=None):
        self.cases = cases or [case(RED if i == 2 else GREEN, i) for i in range(4)]

    def results(self):
        return RESULTS

    def color(self, drawings, prompts, guidance_scale, image_guidance_scale):
        assert prompts == [PROMPT] * len(drawings)
        right = guidance_scale > 2
        return [case(GREEN if right else RED, 0).picture for _ in drawings]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "report"
    write_report(folder, Module(), SETTING, GuidanceCurves([1.0, 3.0], [1.5], 2))
    return folder


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.images, self.links, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert tag not in ("script", "b" if "style" not in attrs else "")
        if tag == "img":
            self.images.append(attrs["src"])
        self.links += [attrs[name] for name in ("href", "action") if name in attrs]

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_needs_nothing_beside_it_and_shows_prompts_as_they_are(folder):
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    assert page.links == []
    assert page.images and all(uri.startswith("data:image/png;base64,") for uri in page.images)
    assert PROMPT in page.words
    assert len(page.images) == 3 * (4 + 2 + 2)  # the sample, the best, the worst


def test_the_table_has_value_interval_truth_and_backbone(folder):
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "| Region color ↑ | 0.750 (0.650 to 0.850) | 0.990 | - | 3 | - |" in text
    assert "| FID ↓ | 12.3 (12.2 to 12.4) | - | - | 3 | mini CLIP |" in text
    assert "3 | mini CLIP, subsets of 50 |" in text
    assert "- Leak: it takes drawings whose parts are known" in text
    assert "| green | 0.750" in text
    assert "| 1.0 | 0.00 |" in text and "| 3.0 | 1.00 |" in text


def test_the_figures_are_kept_as_they_are(folder):
    kept = json.loads((folder / "metrics.json").read_text())
    assert kept == json.loads(json.dumps(RESULTS))


def test_a_report_without_parts_leaves_their_plots_out(tmp_path):
    known = case(GREEN, 0)
    bare = Drawing("d", known.drawing.sketch, known.drawing.truth, "a fox", (),
                   np.zeros((16, 16), np.uint8), 0)  # fmt: skip
    write_report(tmp_path, Module([Case(bare, known.picture)]), SETTING, None)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "By color" not in text and "Guidance" not in text and "A sample" in text


def test_what_was_not_taken_is_named_with_what_it_needs():
    taken = figures({"val/kid": measured(1.0), "val/psnr": measured(20.0)}, "val")
    assert [figure.metric.key for figure in taken] == ["kid", "psnr"]
    assert figures(RESULTS, "val") == []
    missing = dict(left_out(figures(RESULTS, "test")[:2], kid_subset_size=7))
    assert missing["KID"] == "features, and 7 pictures at least"
    assert "Region color" not in missing


def test_numbers_have_as_many_digits_as_tell_something():
    assert in_words(measured(0.12345)) == "0.123"
    assert in_words(measured(51.77)) == "51.8"
    assert in_words(None) == "-"

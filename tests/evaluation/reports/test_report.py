"""Reports on pictures whose scores are known."""

import dataclasses
import html.parser
import json

import numpy as np
import pytest

from pokecolor.core.schema import Part
from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.guidance import GuidanceCurves
from pokecolor.evaluation.reports.report import describe_test_set, evenly_spaced, write_report
from pokecolor.evaluation.reports.reported_metrics import (
    digits,
    format_interval,
    format_value,
    reported_metrics,
    skipped,
)
from pokecolor.evaluation.reports.saved_report import Setting, load_report
from pokecolor.evaluation.score import Scores

GREEN, RED, WHITE = (92, 158, 49), (210, 47, 39), (255, 255, 255)
PROMPT = "a green <b>fox</b> & more"
SETTING = Setting(
    pipeline="mini", data="creatures", split="test", test_set="abc", command="python evaluate.py",
    config="seed: 0\n", seconds=12.0, asked=20, painted=8, versions="Python 3, CPU",
)  # fmt: skip


def measured(value, backbone=None):
    return {"value": value, "ci95": (value - 0.1, value + 0.1), "n": 3, "backbone": backbone}


RESULTS = {
    "region_color": measured(0.75),
    "region_color_of_target": measured(0.99),
    "region_color/body": measured(0.5),
    "fid": measured(12.34, "mini CLIP"),
    "kid": measured(0.01, "mini CLIP") | {"subset_size": 50},
}


def case(color, number):
    part_map = np.zeros((16, 16), np.uint8)
    part_map[4:12, 4:12] = 1
    sketch = np.full((16, 16, 3), 255, np.uint8)
    picture, target = (np.array([WHITE, c], np.uint8)[part_map] for c in (color, GREEN))
    parts = (Part("body", "green", GREEN, True),)
    return Case(
        Drawing(f"d{number}", sketch, target, PROMPT, parts, part_map, f"d{number}-0"), picture
    )


def scores(cases=None, results=RESULTS, tried=()):
    """Four drawings, three of them colored as asked."""
    cases = cases or [case(RED if i == 2 else GREEN, i) for i in range(4)]
    per_sample = {"region_color": [(case.drawing.id, 1.0) for case in cases]}
    return Scores(
        cases, results, per_sample, sets=None, tried=dict(tried), counts={}
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "report"
    guidance = GuidanceCurves([1.0, 3.0], [1.5, 2.0], 2)
    tried = {(1.0, 1.5): [0.0], (3.0, 1.5): [1.0], (3.0, 2.0): [0.25]}
    write_report(folder, scores(tried=tried), SETTING, guidance)
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
    assert "- Off-target change: needs drawings whose parts are known and images of prompts" in text
    assert "| green | 0.750" in text
    assert "| 1.0 | 0.00 | - |" in text and "| 3.0 | 1.00 | 0.25 |" in text
    assert "8 of 20 pictures painted in this time" in text


def test_the_page_says_how_it_was_made(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    for words in ("python evaluate.py", "seed: 0", "Python 3, CPU", "12 s", "8 of 20 pictures"):
        assert words in page
    assert page.count("<polyline") == 2  # a guidance curve for each image scale


def test_the_figures_are_kept_as_they_are(folder):
    kept = json.loads((folder / "metrics.json").read_text())
    assert kept == {
        f"test/{name}": measured for name, measured in json.loads(json.dumps(RESULTS)).items()
    }


def test_a_report_without_parts_and_truths_leaves_their_plots_out(tmp_path):
    known = case(GREEN, 0)
    bare = Drawing("d", known.drawing.sketch, None, "a fox", (), np.zeros((16, 16), np.uint8), "d")
    write_report(tmp_path, scores([Case(bare, known.picture)]), SETTING, None)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "By color" not in text and "Guidance" not in text and "A sample" in text
    assert len(Page(text).images) == 2  # sketch and output


def test_failed_pictures_are_the_headline_and_count_as_wrong(tmp_path):
    cases = [case(GREEN, i) for i in range(3)]
    cases.append(dataclasses.replace(cases[0], picture=None))
    setting = dataclasses.replace(SETTING, failed={"not_finite": 3, "blank": 1})
    results = {"region_color": measured(0.75)}
    write_report(tmp_path, scores(cases, results), setting, None)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    table = (tmp_path / "report.md").read_text(encoding="utf-8")
    for text in (page, table):
        said = text.index("4 of 20 pictures failed: 3 not finite, 1 blank")
        assert said < text.index("Region color")
        assert (
            "Withheld: Distance of region colors, Off-target change, Off-target change of named"
            in text
        )
        assert "PSNR, SSIM" in text and "PSNR (needs" not in text and "PSNR: needs" not in text
    assert "body: " in page and "nothing, not green" in page
    assert "| green | 0.750 (" in table  # the one that failed is wrong
    kept = load_report(tmp_path)
    assert kept.setting.failed == {"not_finite": 3, "blank": 1}
    assert all(shown.output.max() > 0 for shown in kept.pictures)  # words, where there is none


def test_missing_images_are_counted_and_named(tmp_path):
    names = [f"d{number}" for number in range(12)]
    setting = dataclasses.replace(SETTING, failed={"missing": 12}, missing=names, scaled=3)
    write_report(tmp_path, scores(), setting, None)
    for name in ("index.html", "report.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "12 of 20 pictures failed: 12 missing" in text
        assert "Missing: d0.png, d1.png" in text and "d9.png and 2 more." in text
        assert "3 pictures had another size than their sketch, and were scaled to it." in text


def test_a_report_without_failures_says_nothing_of_them(folder):
    for name in ("index.html", "report.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "pictures failed" not in text and "Withheld" not in text


@pytest.mark.parametrize(("grey", "said"), [(3, True), (2, True), (1, False), (0, False)])
def test_true_pictures_without_color_are_told(tmp_path, grey, said):
    module = scores()
    values = [0.0] * grey + [40.0] * (4 - grey)
    module.per_sample["colorfulness_of_target"] = [(f"d{i}", v) for i, v in enumerate(values)]
    write_report(tmp_path, module, SETTING, None)
    for name in ("index.html", "report.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert (f"{grey} of 4 true pictures have no color" in text) == said


def test_what_was_not_taken_is_named_with_what_it_needs():
    taken = reported_metrics({"kid": measured(1.0), "psnr": measured(20.0)})
    assert [figure.metric.key for figure in taken] == ["kid", "psnr"]
    missing = dict(skipped(reported_metrics(RESULTS)[:2]))
    assert missing["KID"] == (
        "colorings.set_metrics and colorings.set_metrics.kid_subset_size and features and "
        "ground truth"
    )
    assert missing["PSNR"] == "ground truth"
    assert "Region color" not in missing


def test_the_sample_is_spread_over_the_set():
    assert (
        evenly_spaced(list(range(100)))[:3] == [0, 8, 16]
        and len(evenly_spaced(list(range(100)))) == 12
    )
    assert evenly_spaced([1, 2]) == [1, 2]


def test_a_test_set_is_the_same_whatever_pictures_were_made_of_it():
    cases = [case(GREEN, i) for i in range(2)]
    assert describe_test_set(cases) == describe_test_set([case(RED, i) for i in range(2)])
    assert describe_test_set(cases) != describe_test_set(cases[:1])


@pytest.mark.parametrize("field", ["prompt", "parts", "sketch", "target", "part_map", "sample_id"])
def test_another_prompt_or_pixel_makes_another_test_set(field):
    drawing = case(GREEN, 0).drawing
    value = getattr(drawing, field)
    if isinstance(value, np.ndarray):
        other = value.copy()
        other[3, 5] += 1
    else:
        other = value + value
    changed = dataclasses.replace(drawing, **{field: other})
    assert describe_test_set([Case(drawing, None)]) != describe_test_set([Case(changed, None)])
    bare = dataclasses.replace(drawing, target=None)
    assert describe_test_set([Case(drawing, None)]) != describe_test_set([Case(bare, None)])


def test_numbers_have_as_many_digits_as_tell_something():
    assert format_value(measured(0.12345)) == "0.123"
    assert format_value(measured(51.77)) == "51.8"
    assert format_value(None) == "-"
    assert digits(0.00432) == "0.0043" and digits(0.0) == "0.000"
    assert format_interval({"value": 10.3, "ci95": (9.26, 11.34)}) == "9.3 to 11.3"

import json
import xml.etree.ElementTree as ET

import pytest
from PIL import Image
from test_comparison import variant
from test_report import Page

from pokecolor.evaluation.reports.comparison import Run, Variant, measure_variants, rank_variants
from pokecolor.evaluation.reports.comparison_page import ranking_rows, write_comparison


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    variants = [
        variant(folder, "caption=clip", 0.2, seeds=("1", "2")),
        variant(folder, "caption=original", 0.0, seeds=("1", "2")),
        Variant("caption=<b>", [Run("1", "failed", error="out of <memory>")]),
    ]
    measure_variants(variants)
    variants = rank_variants(variants, "region_color")
    measure_variants(variants, variants[0].label)
    write_comparison(folder / "out", "a sweep", variants, "region_color", variants[0].label)
    return folder / "out", variants


def test_the_page_needs_nothing_beside_it_and_marks_what_failed(compared):
    text = (compared[0] / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.links == []
    assert len(page.images) == 3 * (1 + 2 + 1)  # three drawings: sketch, two variants, target
    assert "out of <memory>" in page.words and 'class="failed"' in text
    assert text.index("caption=clip") < text.index("caption=original")


def test_the_table_has_intervals_and_differences(compared):
    text = (compared[0] / "comparison.md").read_text(encoding="utf-8")
    assert "| 1 | caption=clip | 2 runs |" in text
    assert "- failed: caption=<b>, seed 1: out of <memory>" in text
    assert "Differences from caption=clip" in text
    assert "| caption=original | −0.200 (−0.200 to −0.200)* |" in text


def test_the_figures_can_be_computed_with(compared):
    found = json.loads((compared[0] / "comparison.json").read_text())
    assert found["ranked_by"] == "region_color" and found["reference"] == "caption=clip"
    first, second, failed = found["variants"]
    assert first["metrics"]["region_color"]["difference"] is None
    assert second["metrics"]["region_color"]["difference"]["value"] == pytest.approx(-0.2)
    assert failed["runs"][0]["error"] == "out of <memory>" and failed["metrics"] == {}


def test_the_plot_is_an_svg_and_the_picture_has_a_row_a_drawing(compared):
    root = ET.parse(compared[0] / "intervals.svg").getroot()
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("caption=clip") == 3  # region color, off-target change and FID
    with Image.open(compared[0] / "pictures.png") as picture:
        width, height = picture.size
    assert width == 4 + 5 * 132 and height == 68 + 4 + 3 * 132


def test_without_pictures_the_objective_alone_is_told(tmp_path):
    variants = [
        Variant("a", [Run("1", optimized_metric=0.1)]),
        Variant("b", [Run("1", "failed", error="no")]),
    ]
    write_comparison(tmp_path, "a sweep", variants, "optimized_metric", "a")
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "not measured yet" in text and "0.1000" in text
    assert not (tmp_path / "intervals.svg").exists()
    header, rows = ranking_rows(variants, "optimized_metric")
    assert header[3] == "Optimized metric ↓"
    assert rows == [["1", "a", "1 run", "0.1", "-"], ["-", "b", "0 of 1 runs, 1 failed", "-", "-"]]

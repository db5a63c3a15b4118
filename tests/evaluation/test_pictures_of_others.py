"""Another program's pictures are scored like those of a pipeline."""

import shutil

from PIL import Image
from stand_ins import GREEN, Painter, batch, generated, scored

from pokecolor.evaluation.guidance import GuidanceCurves


def put(folder, *names, size=32, color=GREEN):
    folder.mkdir(exist_ok=True)
    for name in names:
        Image.new("RGB", (size, size), color).save(folder / name)


def test_another_programs_pictures_are_scored_by_their_drawings_ids(tmp_path):
    put(tmp_path / "theirs", "a.png", "b.jpg")
    found = scored(tmp_path / "theirs", [batch()], guidance=GuidanceCurves([9.0], [1.5], 2))
    assert found.counts["asked"] == 2 and not found.counts["failed"] and not found.counts["scaled"]
    assert found.results["region_color"]["value"] == 0.5  # all green: the bodies, and no wing
    # what needs images of other prompts is left out, and so are curves
    assert "off_target_change" not in found.results and not found.tried


def test_their_pictures_of_another_size_are_scaled_and_counted(tmp_path):
    put(tmp_path / "theirs", "a.png", size=64)
    put(tmp_path / "theirs", "b.png")
    found = scored(tmp_path / "theirs", [batch()])
    assert found.counts["scaled"] == 1 and found.results["psnr"]["n"] == 2


def test_missing_pictures_are_counted_named_and_wrong(tmp_path):
    put(tmp_path / "theirs", "a.png")
    found = scored(tmp_path / "theirs", [batch()])
    assert found.counts["failed"] == {"missing": 1} and found.counts["missing"] == ["b-0"]
    assert found.results["region_color"]["value"] == 0.25 and "psnr" not in found.results


def test_a_drawing_of_several_samples_has_a_picture_of_each(tmp_path):
    one = batch()
    one["drawing_id"] = ["a", "a"]
    put(tmp_path / "theirs", "a.png")
    assert scored(tmp_path / "theirs", [one]).counts["missing"] == ["a-0", "b-0"]
    put(tmp_path / "theirs", "a-0.png", "b-0.png")
    assert scored(tmp_path / "theirs", [one]).results["region_color"]["n"] == 4


def test_their_swapped_pictures_give_leak(tmp_path):
    generated(tmp_path / "images", Painter(), [batch()])
    theirs = tmp_path / "theirs"
    shutil.copytree(tmp_path / "images", theirs)
    ours, found = (scored(each, [batch()]).results for each in (tmp_path / "images", theirs))
    assert found == ours and "off_target_change" in found

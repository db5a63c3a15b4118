import pickle

import numpy as np
import pytest

from pokecolor.captioning.caption_filter import COLORLESS, CaptionFilter
from pokecolor.captioning.store import CaptionStore
from pokecolor.captioning.stored import BATCH_SIZE, StoredCaptions
from pokecolor.core.errors import UserError
from pokecolor.core.schema import ColorImage

RED = (210, 47, 39)
IDS = [f"s{number:03d}" for number in range(2 * BATCH_SIZE + 5)]


class Namer:
    """Says how bright an image is, and counts what it was asked."""

    fingerprint = "f" * 64

    def __init__(self, fail_at=None):
        self.asked, self.fail_at = 0, fail_at

    def caption(self, images):
        self.asked += len(images)
        if self.fail_at is not None and self.asked > self.fail_at:
            raise KeyboardInterrupt
        return [f"a red number {int(image[0, 0, 2])}" for image in images]


def images():
    for number, name in enumerate(IDS):
        image = np.full((8, 8, 3), RED, np.uint8)
        image[0, 0, 2] = number
        yield ColorImage(name, image, "the original", "train")


def nothing(task, done, total):
    pass


def test_each_sample_gets_the_caption_of_its_image(tmp_path):
    done = []
    captions = StoredCaptions(Namer(), tmp_path)
    captions.prepare("data", IDS, images, lambda *progress: done.append(progress))
    captions.load("data", IDS)
    assert captions.prompt("s007", "the original") == "a red number 7"
    assert done == [("Captioning", n, len(IDS)) for n in (BATCH_SIZE, BATCH_SIZE, 5)]


def test_a_killed_run_loses_a_batch_at_most_and_goes_on(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        StoredCaptions(Namer(fail_at=BATCH_SIZE), tmp_path).prepare("data", IDS, images, nothing)
    again = Namer()
    StoredCaptions(again, tmp_path).prepare("data", IDS, images, nothing)
    assert again.asked == len(IDS) - BATCH_SIZE
    third = Namer()
    StoredCaptions(third, tmp_path).prepare("data", IDS, images, nothing)
    assert third.asked == 0


@pytest.mark.parametrize("damage", [b"\0\0\0", b"\xff"])
def test_a_damaged_store_is_set_aside_and_written_again(tmp_path, damage, caplog):
    StoredCaptions(Namer(), tmp_path).prepare("data", IDS, images, nothing)
    (path,) = tmp_path.glob("*.csv")
    data = path.read_bytes()
    path.write_bytes(data[:200] + damage + data[200 + len(damage) :])
    again = Namer()
    StoredCaptions(again, tmp_path).prepare("data", IDS, images, nothing)
    assert again.asked == len(IDS)
    assert path.read_bytes() == data
    assert path.with_name(path.name + ".damaged").read_bytes()[200:].startswith(damage)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{path}: damaged (") and "byte 200" in caplog.text


def test_what_a_person_mistyped_in_a_store_is_kept_and_told(tmp_path):
    StoredCaptions(Namer(), tmp_path).prepare("data", IDS, images, nothing)
    (path,) = tmp_path.glob("*.csv")
    path.write_text(path.read_text().replace("a red number 7\n", "\n"))
    with pytest.raises(UserError, match="no caption"):
        StoredCaptions(Namer(), tmp_path).prepare("data", IDS, images, nothing)
    assert path.exists()


def test_a_damaged_csv_of_ones_own_is_refused_and_stays(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes(b"id,caption\ns000,\xff\n")
    with pytest.raises(UserError, match=r"own\.csv: cannot be read as UTF-8"):
        StoredCaptions(csv=path).prepare("data", IDS, images, nothing)
    assert [file.name for file in tmp_path.iterdir()] == ["own.csv"]


def test_captions_that_are_complete_may_lie_on_a_disk_that_is_read_only(tmp_path, monkeypatch):
    StoredCaptions(Namer(), tmp_path).prepare("data", IDS, images, nothing)
    monkeypatch.setattr("pokecolor.captioning.stored.FileLock", None)  # a lock cannot be written
    again = StoredCaptions(Namer(), tmp_path)
    again.prepare("data", IDS, images, nothing)
    again.load("data", IDS)
    assert again.prompt("s007", "") == "a red number 7"


def test_a_captioner_that_learns_is_trained_before_it_is_asked(tmp_path):
    class Learner(Namer):
        learned = None

        def fit(self, data, images):
            self.learned = data, len(list(images()))

        def load_newest(self):
            raise NotImplementedError

    learner = Learner()
    StoredCaptions(learner, tmp_path).prepare("data", IDS, images, nothing)
    assert learner.learned == ("data", len(IDS))
    assert learner.asked == len(IDS)


def test_what_a_person_mends_stays(tmp_path):
    captions = StoredCaptions(Namer(), tmp_path)
    captions.prepare("data", IDS, images, nothing)
    (table,) = tmp_path.glob("data-*.csv")
    table.write_text(table.read_text().replace("s001,a red number 1\n", "s001,빨간색\n"))
    captions.prepare("data", IDS, images, nothing)
    captions.load("data", IDS)
    assert captions.prompt("s001", "") == "빨간색"


def test_data_sets_and_captioners_have_stores_of_their_own(tmp_path):
    captions = StoredCaptions(Namer(), tmp_path)
    captions.prepare("data", IDS, images, nothing)
    with pytest.raises(UserError, match=r"no row of s000 and 132 more"):
        captions.load("other", IDS)


def test_loader_processes_get_the_captions_without_the_captioner(tmp_path):
    captions = StoredCaptions(Namer(), tmp_path)
    captions.prepare("data", IDS[:3], images, nothing)
    captions.load("data", IDS[:3])
    copy = pickle.loads(pickle.dumps(captions))
    assert copy.captioner is None
    assert copy.prompt("s002", "") == "a red number 2"


def test_a_csv_of_ones_own_is_taken_as_it_is(tmp_path):
    table = tmp_path / "mine.csv"
    CaptionStore(table).add({"a": "ein roter Fuchs", "b": "초록색"})
    captions = StoredCaptions(csv=table, folder=tmp_path)
    captions.prepare("data", ["a", "b"], images, nothing)
    captions.load("data", ["a", "b"])
    assert captions.prompt("b", "") == "초록색"
    with pytest.raises(UserError, match=r"mine\.csv: no row of c; add it: id,caption"):
        captions.prepare("data", ["a", "c"], images, nothing)


def test_a_csv_that_is_not_there(tmp_path):
    captions = StoredCaptions(csv=tmp_path / "none.csv")
    with pytest.raises(UserError, match=r"none\.csv: no such file"):
        captions.prepare("data", ["a"], images, nothing)


def test_either_a_captioner_or_a_csv():
    for both in ({}, {"captioner": Namer(), "csv": "a.csv"}):
        with pytest.raises(UserError, match="either a captioner or a csv"):
            StoredCaptions(**both)


def test_captions_are_mended_when_read_not_in_the_store(tmp_path):
    table = tmp_path / "mine.csv"
    said = {IDS[0]: "a red fox with blue eyes", IDS[1]: "a green fox", IDS[2]: "a red fox"}
    CaptionStore(table).add(said)
    audit = CaptionFilter(min_f1=0.5, drop_unsupported=True)
    captions = StoredCaptions(csv=table, folder=tmp_path, audit=audit)
    captions.prepare("data", IDS[:3], images, nothing)
    captions.load("data", IDS[:3])
    mended = [captions.prompt(name, "") for name in IDS[:3]]
    assert mended == ["a red fox with eyes", COLORLESS, "a red fox"]
    assert CaptionStore(table).read() == said

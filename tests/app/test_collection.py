import sqlite3
import time
from dataclasses import replace

import pytest

from pokecolor.app import migrations
from pokecolor.app.collection import Collection
from pokecolor.app.color_check import Verdict
from pokecolor.app.creation import Order, PictureInfo
from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.framing import Box
from pokecolor.core.errors import UserError

LIMITS = Limits(free_bytes=0)
INFO = PictureInfo(
    "clean",
    ("in_color",),
    (Verdict("", "red", "#e53935", "right", 0.7), Verdict("eyes", "blue", "#2196f3", "ink", None)),
    Box(1, 2, 30, 40),
)


def order(name="Mochi", prompt="a red fox", seeds=(1,)):
    return Order(name, prompt, seeds, 4, 4.0, 1.5, look="clean")


def write(folder):
    (folder / "color-0.png").write_bytes(b"picture")


@pytest.fixture
def open_(tmp_path):
    opened = []

    def opener(limits=LIMITS):
        opened.append(Collection(tmp_path / "served", limits))
        return opened[-1]

    yield opener
    for collection in opened:
        collection.close()


def test_what_was_kept_is_there_after_a_restart(open_):
    first = open_()
    kept = first.add("anna", order(seeds=(1, 2)), [INFO, INFO], write)
    first.close()
    again = open_()
    assert again.get("anna", kept.id) == kept
    assert (again.folder_of(kept) / "color-0.png").read_bytes() == b"picture"


def test_what_is_known_of_a_picture_changes_with_it(open_):
    collection = open_()
    kept = collection.add("anna", order(seeds=(1, 2)), [INFO, INFO], write)
    changed = collection.change("anna", kept, 1, replace(INFO, look="flat"))
    assert changed.pictures == (INFO, replace(INFO, look="flat"))
    assert changed.changed > kept.changed and changed.created == kept.created
    assert collection.get("anna", kept.id) == changed
    again = collection.change("anna", kept, 0, replace(INFO, look="soft"))
    assert [info.look for info in again.pictures] == ["soft", "flat"], "nothing of another is lost"
    with pytest.raises(Refusal):
        collection.change("bert", kept, 0, INFO)


def test_a_visitor_sees_only_their_own(open_):
    collection = open_()
    kept = collection.add("anna", order(), [INFO], write)
    assert collection.page("bert", "", 1, 10).total == 0
    for action in (
        lambda: collection.get("bert", kept.id),
        lambda: collection.delete("bert", kept.id),
        lambda: collection.share("bert", kept.id, True),
    ):
        with pytest.raises(Refusal) as refused:
            action()
        assert refused.value.kind == "not_found"
    assert collection.get("anna", kept.id).share is None


def test_pages_are_newest_first(open_):
    collection = open_()
    for number in range(7):
        collection.add("anna", order(name=f"n{number}"), [INFO], write)
    pages = [collection.page("anna", "", number, 3) for number in (1, 2, 3)]
    assert [c.order.name for page in pages for c in page.items] == [
        f"n{n}" for n in range(6, -1, -1)
    ]
    assert (pages[0].pages, pages[0].total) == (3, 7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mochi", ["Mochi"]),
        ("RED fox", ["Mochi"]),
        ("여우", ["여우_1"]),
        ("%", ["100%"]),
        ("_", ["여우_1"]),
        ("' OR 1=1 --", []),
        ("fox'; DROP TABLE creation; --", []),
        ("\\", []),
    ],
)
def test_search_takes_text_as_text(open_, text, found):
    collection = open_()
    for name, prompt in (("Mochi", "a red fox"), ("여우_1", "blue"), ("100%", "green")):
        collection.add("anna", order(name, prompt), [INFO], write)
    assert [c.order.name for c in collection.page("anna", text, 1, 10).items] == found
    assert collection.page("anna", "", 1, 10).total == 3


def test_deleting_removes_row_and_files(open_, tmp_path):
    collection = open_()
    kept = collection.add("anna", order(), [INFO], write)
    collection.delete("anna", kept.id)
    assert collection.page("anna", "", 1, 10).total == 0
    assert list((tmp_path / "served" / "pictures").iterdir()) == []


def test_a_shared_page_has_a_key_nobody_can_guess_until_it_is_taken_away(open_):
    collection = open_()
    kept = collection.add("anna", order(), [INFO], write)
    shared = collection.share("anna", kept.id, True)
    assert len(shared.share) >= 22  # 128 bits
    assert collection.share("anna", kept.id, True).share == shared.share
    assert collection.shared(shared.share) == shared
    collection.share("anna", kept.id, False)
    for token in (shared.share, "", None, "%"):
        with pytest.raises(Refusal):
            collection.shared(token)


def test_what_cannot_be_written_leaves_nothing(open_, tmp_path):
    collection = open_()

    def fail(folder):
        write(folder)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        collection.add("anna", order(), [INFO], fail)
    assert list((tmp_path / "served" / "pictures").iterdir()) == []
    assert collection.page("anna", "", 1, 10).total == 0


def test_what_a_killed_process_left_is_removed_at_the_next_start(open_, tmp_path):
    first = open_()
    kept, lost = (first.add("anna", order(), [INFO], write) for _ in range(2))
    first.close()
    pictures = tmp_path / "served" / "pictures"
    (pictures / "orphan").mkdir()
    (pictures / "orphan" / "color-0.png").write_bytes(b"half")
    (pictures / lost.id / "color-0.png").unlink()
    (pictures / lost.id).rmdir()
    again = open_()
    assert [c.id for c in again.page("anna", "", 1, 10).items] == [kept.id]
    assert [path.name for path in pictures.iterdir()] == [kept.id]


def test_there_is_an_end_to_what_is_kept(open_):
    collection = open_(Limits(free_bytes=0, kept=1))
    collection.require_room("anna")
    collection.add("anna", order(), [INFO], write)
    with pytest.raises(Refusal) as refused:
        collection.require_room("anna")
    assert refused.value.kind == "collection_full"
    collection.require_room("bert")
    collection.close()
    with pytest.raises(Refusal) as refused:
        open_(Limits(free_bytes=10**18)).require_room("bert")
    assert refused.value.kind == "disk_full"


def test_one_process_at_a_time_uses_a_folder(open_):
    open_()
    with pytest.raises(UserError, match="in use by another"):
        open_()


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "served").write_text("a file")
    with pytest.raises(UserError, match="name another --data-dir"):
        Collection(tmp_path / "served", LIMITS)


def test_an_older_database_is_brought_up_to_date_with_its_rows(open_, monkeypatch):
    first = open_()
    kept = first.add("anna", order(), [INFO], write)
    first.close()
    newer = (*migrations.MIGRATIONS, "ALTER TABLE creation ADD COLUMN stars INTEGER DEFAULT 3")
    monkeypatch.setattr(migrations, "MIGRATIONS", newer)
    again = open_()
    assert again.get("anna", kept.id) == kept
    assert again.rows.one("SELECT stars FROM creation")[0] == 3
    assert again.rows.one("PRAGMA user_version")[0] == 5


def insert_old(open_, monkeypatch, version, *values):
    """A row of an earlier version, with its folder."""
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:version])
        first = open_()
        marks = ", ".join("?" * len(values))
        first.rows.run(f"INSERT INTO creation VALUES ({marks})", *values)
        (first.folder / "pictures" / "a").mkdir()  # what has no pictures is forgotten
        first.close()


def test_a_creation_of_the_first_version_was_soft(open_, monkeypatch):
    row = ("a", "anna", "", "red", "red", "[0]", 4, 4, 1.5, "[]", None, time.time())
    insert_old(open_, monkeypatch, 1, *row)
    kept = open_().get("anna", "a")
    assert kept.order.look == "soft" and kept.pictures == (PictureInfo("soft"),)


def test_of_what_was_judged_by_the_whole_picture_the_warnings_stay(open_, monkeypatch):
    judged = (
        '[{"colors": [{"term": "red", "share": 0.5}], "score": 1.0, "in_color": true}, '
        '{"colors": [], "score": null}]'
    )
    row = ("a", "anna", "", "red", "red", "[0, 1]", 4, 4, 1.5, judged, None, 7.0, "flat")
    insert_old(open_, monkeypatch, 3, *row)
    kept = open_().get("anna", "a")
    assert kept.pictures == (PictureInfo("flat", ("in_color",)), PictureInfo("flat"))
    assert kept.changed == kept.created == 7.0


def test_a_migration_that_fails_changes_nothing(open_, tmp_path, monkeypatch):
    open_().close()
    broken = (*migrations.MIGRATIONS, "ALTER TABLE creation ADD COLUMN stars; NONSENSE")
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", broken)
        with pytest.raises(UserError, match="cannot be used"):
            open_()
    path = tmp_path / "served" / "collection.sqlite3"
    with sqlite3.connect(path) as rows:
        assert rows.execute("PRAGMA user_version").fetchone() == (4,)
        assert "stars" not in [row[1] for row in rows.execute("PRAGMA table_info(creation)")]
    rows.close()
    open_()


def test_a_newer_database_is_left_alone(open_, tmp_path):
    open_().close()
    rows = sqlite3.connect(tmp_path / "served" / "collection.sqlite3")
    rows.execute("PRAGMA user_version = 99")
    rows.close()
    with pytest.raises(UserError, match="written by a newer pokecolor"):
        open_()

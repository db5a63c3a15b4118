import pytest

from pokecolor.captioning.store import CaptionStore
from pokecolor.core.errors import UserError


@pytest.fixture
def store(tmp_path):
    return CaptionStore(tmp_path / "captions" / "fox.csv")


def write(store, text):
    store.path.parent.mkdir(parents=True, exist_ok=True)
    store.path.write_bytes(text.encode())
    return store


def test_what_is_added_is_read_back_in_any_script(store):
    store.add({"a": 'Turn it into a "red" fox, with blue eyes'})
    store.add({"b": "초록색 몸, 빨간 눈", "c": "緑色の体"})
    assert CaptionStore(store.path).read() == {
        "a": 'Turn it into a "red" fox, with blue eyes',
        "b": "초록색 몸, 빨간 눈",
        "c": "緑色の体",
    }


def test_an_empty_store_has_no_captions(store):
    assert store.read() == {}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_edited_by_hand_keeps_what_was_written_there(store, newline):
    lines = ["﻿caption,note,id", '"red, very red",mine,a', "blue,,a", "green,,b"]
    write(store, newline.join(lines))  # no line break at the end
    assert store.read() == {"a": "blue", "b": "green"}
    store.add({"c": "grey"})
    assert store.read() == {"a": "blue", "b": "green", "c": "grey"}
    assert "mine" in store.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,text\na,red\n", "no column caption"),
        ("id,caption\na,red\nb, \n", "line 3: no caption"),
        ("id,caption\n,red\n", "line 2: no id"),
        ("id,caption\n\na,red\nb,red, with blue eyes\n", "line 4: 3 cells where the header has 2"),
        ('id,caption\na,"red\nb,blue\n', "line 2: a quote is opened here and never closed"),
        ("id,caption\na\n", "line 2: 1 cells where the header has 2"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(store, text, message):
    with pytest.raises(UserError, match=message):
        write(store, text).read()


def test_what_is_wrong_is_not_written_behind(store):
    write(store, 'id,caption\na,"red\n')
    with pytest.raises(UserError, match="line 2: a quote is opened"):
        store.add({"b": "blue"})
    assert store.path.read_text() == 'id,caption\na,"red\n'


def test_the_names_of_the_images_stand_in_a_column_of_their_own(store):
    store.add({"a": "red"}, {"a": "그림 1.png"})
    store.add({"b": "blue"})
    assert store.path.read_text(encoding="utf-8") == "id,caption,file\na,red,그림 1.png\nb,blue,\n"
    assert store.read() == {"a": "red", "b": "blue"}


@pytest.mark.parametrize("header", ["id,caption\n", "\n\nid,caption,,\n"])
def test_a_header_alone_has_no_captions_and_is_gone_on_with(store, header):
    write(store, header)
    assert store.read() == {}
    store.add({"a": "red"})
    assert store.read() == {"a": "red"}


def test_bytes_that_are_no_text_are_refused(store):
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(b"id,caption\na,\xff\xfe\n")
    with pytest.raises(UserError, match="cannot be read as UTF-8"):
        store.read()


def test_a_write_that_fails_leaves_the_file_as_it_was(store, monkeypatch):
    store.add({"a": "red"})
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(UserError, match="No space left"):
        store.add({"b": "blue"})
    assert store.read() == {"a": "red"}
    assert [path.name for path in store.path.parent.iterdir()] == ["fox.csv"]


def test_a_file_that_was_saved_with_semicolons_is_gone_on_with(store):
    store.path.parent.mkdir(parents=True)
    store.path.write_text("id;caption\na;one, two\n")
    store.add({"b": "three; four"})
    assert store.path.read_text() == 'id;caption\na;one, two\nb;"three; four"\n'
    assert store.read() == {"a": "one, two", "b": "three; four"}

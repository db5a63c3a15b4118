import multiprocessing

import pytest
from tiny_source import TinySource

from pokecolor.data.rendering import render

IDS = [f"d{i}" for i in range(20)]


def test_processes_change_nothing(tiny_source):
    alone = list(render(tiny_source, IDS, processes=1))
    assert [drawing.drawing_id for drawing in alone] == IDS
    assert list(render(tiny_source, IDS, processes=2)) == alone


def test_where_processes_can_only_be_spawned_they_are(tiny_source, monkeypatch):
    spawn = multiprocessing.get_context("spawn")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr(multiprocessing, "get_context", {"spawn": spawn}.__getitem__)
    alone = list(render(tiny_source, IDS, processes=1))
    assert list(render(tiny_source, IDS, processes=2)) == alone


@pytest.mark.parametrize("processes", [1, 2])
def test_an_unreadable_drawing_does_not_stop_the_others(processes):
    rendered = list(render(TinySource(unreadable=("d1",)), IDS[:3], processes))
    assert [len(drawing.samples) for drawing in rendered] == [2, 0, 2]
    assert [drawing.error for drawing in rendered] == [None, "d1.png: truncated", None]


class CountedSource(TinySource):
    """Counts how often it is sent to a process."""

    sent = 0

    def __getstate__(self):
        CountedSource.sent += 1
        return self.__dict__


def test_a_source_is_sent_to_each_process_once():
    source = CountedSource()
    assert len(list(render(source, [f"d{i}" for i in range(100)], processes=2))) == 100
    assert CountedSource.sent == 2

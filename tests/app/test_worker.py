import dataclasses
import threading
import time

import numpy as np
import pytest
from PIL import Image
from quick_service import QuickColorizer, box

from pokecolor.app.creation import Order
from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.app.worker import PaintingWorker
from pokecolor.coloring.colorizer import Colorizer
from pokecolor.core.images.failed_pictures import NoPicture

SKETCH = Image.fromarray(box(64))


def order(prompt="a red box", seeds=(0,), steps=2):
    return Order("", prompt, tuple(seeds), steps, 4.0, 1.5, look="clean")


def first_pixels(colorings):
    return [tuple(int(v) for v in coloring.painted[0, 0]) for coloring in colorings]


class Gate(QuickColorizer):
    """Paints nothing until it is opened."""

    def __init__(self):
        super().__init__()
        self.open = threading.Event()
        self.entered = threading.Event()

    def paint(self, *args, **kwargs):
        self.entered.set()
        assert self.open.wait(20)
        return super().paint(*args, **kwargs)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def start():
    painters = []

    def starter(colorizer, batch_size=1, **limits):
        painters.append(PaintingWorker(colorizer, batch_size, Limits(**limits)))
        return painters[-1]

    yield starter
    for painter in painters:
        painter.close()


def test_orders_come_out_in_their_order_each_with_its_own_pictures(start, gate):
    painter = start(gate, own_waiting=99)
    done = []
    jobs = [
        painter.submit(
            "a", SKETCH, order(prompt, [seed]), lambda c, seed=seed: done.append(seed) or c
        )
        for seed, prompt in enumerate(("a red box", "a blue box", "a green box"))
    ]
    assert gate.entered.wait(5)
    assert [painter.progress_of(job.token).position for job in jobs] == [0, 1, 2]
    assert [painter.progress_of(job.token).running for job in jobs] == [True, False, False]
    gate.open.set()
    pixels = [first_pixels(job.result.result(5))[0] for job in jobs]
    assert pixels == [
        tuple(QuickColorizer.fill(prompt, seed)[0, 0])
        for seed, prompt in enumerate(("a red box", "a blue box", "a green box"))
    ]
    assert done == [0, 1, 2]
    assert [job.progress for job in jobs] == [1, 1, 1]
    assert painter.progress_of("none") is None


def test_waiting_orders_of_the_same_settings_share_a_batch(start, gate):
    painter = start(gate, batch_size=4, own_waiting=99)
    first = painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    same = [painter.submit("a", SKETCH, order(seeds=[n, n + 1]), list) for n in (1, 10, 20)]
    other = painter.submit("a", SKETCH, order(steps=3), list)
    gate.open.set()
    for job in (first, *same, other):
        job.result.result(5)
    assert gate.batches == [1, 4, 2, 1]
    assert [len(job.result.result()) for job in same] == [2, 2, 2]
    fill = [tuple(int(v) for v in QuickColorizer.fill("a red box", n)[0, 0]) for n in range(30)]
    assert [first_pixels(job.result.result()) for job in same] == [
        fill[1:3], fill[10:12], fill[20:22],
    ]  # fmt: skip


def test_one_by_one_no_batch_is_shared(start):
    colorizer = QuickColorizer()
    painter = start(colorizer)
    job = painter.submit("a", SKETCH, order(seeds=[1, 2, 3]), list)
    assert len(job.result.result(5)) == 3
    assert colorizer.batches == [1, 1, 1]


def test_a_full_queue_is_busy_and_an_owner_has_a_part_of_it(start, gate):
    painter = start(gate, waiting=3, own_waiting=2)
    running = painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    for _ in range(2):
        painter.submit("a", SKETCH, order(), list)
    with pytest.raises(Refusal) as refused:
        painter.submit("a", SKETCH, order(), list)
    assert refused.value.kind == "waiting_own"
    painter.submit("b", SKETCH, order(), list)
    with pytest.raises(Refusal) as refused:
        painter.submit("c", SKETCH, order(), list)
    assert refused.value.kind == "busy"
    gate.open.set()
    running.result.result(5)


def test_a_canceled_order_makes_room_and_is_not_painted(start, gate):
    painter = start(gate, waiting=1)
    running = painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    waiting = painter.submit("b", SKETCH, order(), list)
    painter.cancel("c", waiting.token)  # another's
    assert not waiting.canceled
    painter.cancel("b", waiting.token)
    assert waiting.result.done(), "it need not wait for the one that is painted"
    next_one = painter.submit("c", SKETCH, order(), list)
    gate.open.set()
    with pytest.raises(Refusal) as refused:
        waiting.result.result(5)
    assert refused.value.kind == "canceled"
    running.result.result(5), next_one.result.result(5)
    assert len(gate.batches) == 2


def test_an_order_that_is_being_painted_ends_after_its_step(start):
    painter = start(QuickColorizer(seconds=0.05))
    job = painter.submit("a", SKETCH, order(steps=200), list)
    while not job.progress:
        time.sleep(0.01)
    painter.cancel("a", job.token)
    with pytest.raises(Refusal):
        job.result.result(2)
    assert 0 < job.progress < 0.5
    assert painter.submit("a", SKETCH, order(), list).result.result(5)


def test_of_a_batch_the_others_are_painted_on(start, gate):
    painter = start(gate, batch_size=4)
    first = painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    gone, kept = (painter.submit("a", SKETCH, order(), list) for _ in range(2))
    gate.entered.clear()
    gate.open.set()
    first.result.result(5)
    painter.cancel("a", gone.token)
    assert kept.result.result(5)


class Broken(QuickColorizer):
    def paint(self, sketches, prompts, *args, **kwargs):
        if "break" in prompts[0]:
            raise RuntimeError("out of memory")
        return super().paint(sketches, prompts, *args, **kwargs)


def test_a_failure_is_told_and_the_next_order_is_painted(start, caplog):
    painter = start(Broken())
    broken = painter.submit("a", SKETCH, order("break"), list)
    unkept = painter.submit("a", SKETCH, order(), lambda colorings: 1 / 0)
    fine = painter.submit("a", SKETCH, order(), list)
    with pytest.raises(RuntimeError):
        broken.result.result(5)
    with pytest.raises(ZeroDivisionError):
        unkept.result.result(5)
    assert fine.result.result(5)
    assert "out of memory" in caplog.text


class NotFinite(QuickColorizer):
    """Its numbers overflow at a word."""

    def paint(self, sketches, prompts, *args, **kwargs):
        return [
            dataclasses.replace(coloring, fault=NoPicture("not_finite"))
            if "overflow" in prompt
            else coloring
            for prompt, coloring in zip(
                prompts, super().paint(sketches, prompts, *args, **kwargs), strict=True
            )
        ]


def test_a_picture_that_is_not_finite_fails_its_own_order_alone(start, caplog):
    painter = start(NotFinite(), batch_size=4)

    def finish(colorings):
        return [coloring.image() for coloring in colorings]

    broken = painter.submit("a", SKETCH, order("overflow"), finish)
    fine = painter.submit("b", SKETCH, order("red"), finish)
    with pytest.raises(Refusal) as told:
        broken.result.result(5)
    assert (told.value.kind, told.value.status) == ("picture_not_finite", 500)
    assert fine.result.result(5)
    assert "not finite" in caplog.text


def test_closing_gives_all_orders_up(start, gate):
    painter = start(gate)
    running = painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    waiting = painter.submit("a", SKETCH, order(), list)
    gate.open.set()
    painter.close()
    assert waiting.result.done() and running.result.done()
    with pytest.raises(Refusal):
        painter.submit("a", SKETCH, order(), list)


def test_with_mini_the_same_seed_gives_the_same_picture_whoever_else_waits(start):
    painter = start(Colorizer.from_pretrained("mini"))
    wanted = order("a red box", [3], steps=1)
    alone = painter.submit("a", SKETCH, wanted, list).result.result(60)
    jobs = [
        painter.submit(owner, SKETCH, order("a blue box", [n], steps=1), list)
        for n, owner in enumerate("bc")
    ]
    again = painter.submit("a", SKETCH, wanted, list).result.result(60)
    assert all(job.result.result(60) for job in jobs)
    assert np.array_equal(alone[0].painted, again[0].painted)


def test_the_time_that_is_left_is_measured(start):
    painter = start(QuickColorizer(seconds=0.05), own_waiting=9)
    first = painter.submit("a", SKETCH, order(steps=4), list)
    assert painter.progress_of(first.token).seconds is None
    first.result.result(5)
    second, third = (painter.submit("a", SKETCH, order(steps=10, seeds=[1, 2]), list) for _ in "ab")
    assert painter.progress_of(second.token).seconds == pytest.approx(20 * 0.05, rel=0.5)
    assert painter.progress_of(third.token).seconds == pytest.approx(40 * 0.05, rel=0.5)
    while second.progress < 0.5:
        time.sleep(0.01)
    assert painter.progress_of(second.token).seconds == pytest.approx(10 * 0.05, rel=0.5)


def test_owners_are_told_when_their_orders_stand_otherwise(start, gate):
    painter = start(gate)
    told = []
    painter.on_change(lambda owners: told.append(frozenset(owners)))
    running = painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    waiting = painter.submit("b", SKETCH, order(), list)
    assert told[-1] == {"a", "b"}
    painter.cancel("b", waiting.token)
    assert told[-1] == {"a", "b"}
    gate.open.set()
    running.result.result(5)
    end = time.monotonic() + 5
    while told[-1] != {"a"} or painter.progress_of(running.token):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_was_taken_up_waits_beside_what_there_is_room_for(start, gate):
    painter = start(gate, waiting=1, own_waiting=1)
    painter.submit("a", SKETCH, order(), list)
    assert gate.entered.wait(5)
    begun = []
    jobs = [
        painter.submit("a", SKETCH, order(), list, lambda n=n: begun.append(n), f"t{n}", True)
        for n in range(3)
    ]
    with pytest.raises(Refusal):
        painter.require_room("b")
    gate.open.set()
    assert [bool(job.result.result(5)) for job in jobs] == [True] * 3
    assert begun == [0, 1, 2] and jobs[0].token == "t0"

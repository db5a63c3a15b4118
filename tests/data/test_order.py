from collections import Counter

import pytest

from pokecolor.data.order import LANES, WINDOW, BatchOrder, is_flipped

COUNTS = (10, 10, 10, 10, 7)
ALL = {(shard, place) for shard, count in enumerate(COUNTS) for place in range(count)}


def epoch_of(order, epoch=0):
    """The batches of each rank."""
    return [
        [order.batch(epoch, rank, index) for index in range(order.length(rank))]
        for rank in range(order.ranks)
    ]


def flat(batches):
    return [sample for rank in batches for batch in rank for sample in batch]


@pytest.mark.parametrize("ranks", [1, 2, 3])
@pytest.mark.parametrize("batch_size", [1, 3, 4])
def test_training_sees_no_sample_twice_and_drops_less_than_a_step(ranks, batch_size):
    order = BatchOrder(COUNTS, batch_size, ranks, seed=0, shuffle=True)
    batches = epoch_of(order)
    assert len({len(rank) for rank in batches}) == 1
    assert {len(batch) for rank in batches for batch in rank} == {batch_size}
    seen = flat(batches)
    assert set(seen) <= ALL
    assert len(set(seen)) == len(seen) > len(ALL) - batch_size * ranks


def test_over_epochs_every_sample_is_seen():
    order = BatchOrder(COUNTS, batch_size=8, ranks=2, seed=0, shuffle=True)
    dropped = [frozenset(ALL - set(flat(epoch_of(order, epoch)))) for epoch in range(12)]
    assert len(set(dropped)) > 1
    assert not frozenset.intersection(*dropped)


@pytest.mark.parametrize("ranks", [1, 2, 3])
@pytest.mark.parametrize("batch_size", [1, 4, 5, 64])
def test_evaluation_sees_every_sample_once(ranks, batch_size):
    order = BatchOrder(COUNTS, batch_size, ranks, seed=0, shuffle=False)
    batches = epoch_of(order)
    assert Counter(flat(batches)) == Counter(ALL)
    assert flat(batches) == sorted(ALL)
    sizes = {len(batch) for rank in batches for batch in rank}
    assert max(sizes) <= batch_size
    assert max(sizes) - min(sizes) <= 1
    if len(ALL) >= ranks * batch_size:
        # equal numbers of batches, or ranks would wait for one another for ever
        assert max(map(len, batches)) - min(map(len, batches)) <= (batch_size == 1)


def test_epochs_and_seeds_differ_and_repeat():
    def ids(seed, epoch):
        return flat(epoch_of(BatchOrder(COUNTS, 4, 1, seed=seed, shuffle=True), epoch))

    assert ids(0, 0) == ids(0, 0)
    assert ids(0, 0) != ids(0, 1)
    assert ids(0, 0) != ids(1, 0)


def test_a_rank_reads_its_share_of_the_shards():
    order = BatchOrder((10,) * 40, batch_size=5, ranks=2, seed=0, shuffle=True)
    shards = [{shard for batch in rank for shard, _ in batch} for rank in epoch_of(order)]
    # no window is cut here, so no shard is read twice
    assert [len(found) for found in shards] == [20, 20]
    assert not shards[0] & shards[1]


def test_a_worker_reads_its_share_of_the_shards():
    order = BatchOrder((10,) * 40, batch_size=5, ranks=1, seed=0, shuffle=True)
    (batches,) = epoch_of(order)
    shards = [{s for batch in batches[worker::LANES] for s, _ in batch} for worker in range(LANES)]
    assert [len(found) for found in shards] == [10] * LANES


def test_few_shards_are_in_use_at_a_time():
    order = BatchOrder((10,) * 40, batch_size=5, ranks=1, seed=0, shuffle=True)
    (batches,) = epoch_of(order)
    for start in range(0, len(batches), LANES):
        used = {shard for batch in batches[start : start + LANES] for shard, _ in batch}
        assert len(used) <= LANES * WINDOW


def test_samples_mix_within_a_batch():
    order = BatchOrder((100,) * 8, batch_size=10, ranks=1, seed=0, shuffle=True)
    (batches,) = epoch_of(order)
    assert sum(len({shard for shard, _ in batch}) > 1 for batch in batches) > 70


def test_flips_are_fair_and_change_with_the_epoch():
    flips = [[is_flipped(0, epoch, f"id-{i}") for i in range(2000)] for epoch in range(2)]
    assert sum(flips[0]) == pytest.approx(1000, abs=90)  # four standard deviations
    agree = sum(a == b for a, b in zip(*flips, strict=True))
    assert agree == pytest.approx(1000, abs=90)
    assert flips[0] == [is_flipped(0, 0, f"id-{i}") for i in range(2000)]

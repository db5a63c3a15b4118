from pokecolor.app.middleware import rates
from pokecolor.app.middleware.rates import RateLimit, network_of


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_bucket_empties_and_refills():
    clock = Clock()
    limit = RateLimit(6, clock)
    assert [limit.take("1.2.3.4") for _ in range(7)] == [True] * 6 + [False]
    assert limit.take("1.2.3.5")
    clock.now = 10.0  # a sixth of a minute: one token
    assert [limit.take("1.2.3.4") for _ in range(2)] == [True, False]
    clock.now = 1000.0
    assert [limit.take("1.2.3.4") for _ in range(7)] == [True] * 6 + [False]


def test_a_network_of_ipv6_is_one():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1")
    assert network_of("testclient") == "testclient"


def test_addresses_are_forgotten_before_memory_is_full(monkeypatch):
    monkeypatch.setattr(rates, "REMEMBERED", 10)
    limit = RateLimit(5)
    for number in range(100):
        limit.take(f"10.0.0.{number}")
    assert len(limit._buckets) == 10

"""Rate limits for each address."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

REMEMBERED = 10_000
"""Addresses; those not seen for the longest time are forgotten first."""


class RateLimit:
    """A bucket of tokens for each address, refilled steadily.

    Args:
        per_minute: tokens that flow in in a minute, and that a full bucket holds.
        clock: seconds, for tests.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, address: str, amount: int = 1) -> bool:
        """Whether so many tokens were left for this address; if not, none is taken."""
        network = network_of(address)
        now = self._clock()
        with self._lock:
            tokens, then = self._buckets.pop(network, (float(self._per_minute), now))
            tokens = min(self._per_minute, tokens + (now - then) * self._per_minute / 60)
            allowed = tokens >= amount
            self._buckets[network] = (tokens - amount if allowed else tokens, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
            return allowed


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: whoever has one address there has all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)

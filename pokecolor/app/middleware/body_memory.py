"""How much memory the bodies of requests take at a time."""

from __future__ import annotations

import collections
import weakref

from pokecolor.app.refusals import Refusal

HELD_BYTES = 100_000_000
"""Bodies and pictures of all requests together."""

HELD_OF_ONE = 32_000_000
"""Of these, those of one address: three of the largest."""


class Held:
    """Counts the bytes that are held, of all addresses and of each."""

    def __init__(self) -> None:
        self._of: collections.Counter[str] = collections.Counter()
        # a claim may be forgotten by the garbage collector, in any thread and at any time
        self._returned: collections.deque[tuple[str, int]] = collections.deque()

    @property
    def total(self) -> int:
        """Bytes that are held now."""
        while self._returned:
            address, size = self._returned.popleft()
            self._of[address] -= size
            if not self._of[address]:
                del self._of[address]
        return self._of.total()

    def take(self, address: str, size: int) -> None:
        """Hold more bytes for an address.

        Raises:
            Refusal: there would be too many.
        """
        if self.total + size > HELD_BYTES or self._of[address] + size > HELD_OF_ONE:
            raise Refusal("busy")
        self._of[address] += size

    def give_back(self, address: str, size: int) -> None:
        """Hold them no longer."""
        self._returned.append((address, size))


class Claim:
    """The bytes of one request: given back when it says so, or is forgotten itself."""

    def __init__(self, held: Held, address: str) -> None:
        self._held, self._address = held, address
        self._sizes: list[int] = []
        self.give_back = weakref.finalize(self, _give_back, held, address, self._sizes)

    def take(self, size: int) -> None:
        """Hold more bytes.

        Raises:
            Refusal: there would be too many.
        """
        self._held.take(self._address, size)
        self._sizes.append(size)


def _give_back(held: Held, address: str, sizes: list[int]) -> None:
    held.give_back(address, sum(sizes))

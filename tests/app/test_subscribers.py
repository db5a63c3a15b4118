import asyncio
import threading

import pytest

from pokecolor.app import subscribers
from pokecolor.app.refusals import Refusal
from pokecolor.app.subscribers import Subscribers


def test_a_visitors_streams_are_woken_from_any_thread_and_no_others():
    async def listen():
        known = Subscribers()
        with (
            known.subscribe("anna", "1.1.1.1") as one,
            known.subscribe("anna", "2.2.2.2") as two,
            known.subscribe("bert", "1.1.1.1") as other,
        ):
            threading.Thread(target=known.notify, args=[["anna", "nobody"]]).start()
            await asyncio.wait_for(asyncio.gather(one.wait(), two.wait()), 5)
            assert not other.is_set()
        known.notify(["anna", "bert"])
        assert known._waiting == {} and not known._addresses

    asyncio.run(listen())


def test_there_is_an_end_to_streams_of_an_address_and_of_all(monkeypatch):
    monkeypatch.setattr(subscribers, "STREAMS_OF_ONE", 1)
    monkeypatch.setattr(subscribers, "STREAMS", 2)

    async def listen():
        known = Subscribers()
        with known.subscribe("anna", "1.1.1.1"):
            with pytest.raises(Refusal, match="busy"), known.subscribe("bert", "1.1.1.1"):
                pass
            with known.subscribe("bert", "2.2.2.2"):
                with pytest.raises(Refusal, match="busy"), known.subscribe("c", "3.3.3.3"):
                    pass
        with known.subscribe("c", "3.3.3.3"):
            pass

    asyncio.run(listen())


def test_a_server_that_has_ended_is_told_nothing():
    known = Subscribers()
    loop = asyncio.new_event_loop()

    async def enter():
        return known.subscribe("anna", "1.1.1.1").__enter__()

    loop.run_until_complete(enter())
    loop.close()
    known.notify(["anna"])

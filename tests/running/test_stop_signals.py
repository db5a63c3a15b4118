import pytest

from pokecolor import cli
from pokecolor.running import doctor
from pokecolor.running.stop_signals import stop_signal


class SIGTERMException(SystemExit):
    """As Lightning's."""


def after_an_interrupt():
    """As Lightning leaves a run."""
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        raise SystemExit(1)  # noqa: B904


def caught(function):
    with pytest.raises(BaseException) as found:
        function()
    return found.value


@pytest.mark.parametrize(
    ("stop", "found"),
    [
        (KeyboardInterrupt(), (130, "interrupted")),
        (caught(after_an_interrupt), (130, "interrupted")),
        (SIGTERMException(), (143, "terminated")),
        (SystemExit(2), None),
        (SystemExit(130), None),  # its message was printed
    ],
)
def test_a_signal_is_found_behind_what_lightning_makes_of_it(stop, found):
    assert stop_signal(stop) == found


def test_a_command_whose_trainer_was_interrupted_exits_130(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "examine", lambda *_: after_an_interrupt())
    assert cli.main(["doctor"]) == 130
    assert capsys.readouterr().err == "pokecolor: interrupted\n"

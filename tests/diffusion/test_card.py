import pytest

from pokecolor.diffusion.card import ModelCard
from pokecolor.sampling import Sampling


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("openmoji", {"OpenMoji"}),
        ("icons", {"Iconify"}),
        ("openmoji-creatures-crowds-things-icons", {"OpenMoji", "Iconify"}),
        ("sketch2pokemon", {"Sketch2Pokemon"}),
        ("creatures", set()),
    ],
)
def test_every_source_of_a_mixture_is_credited(data, named):
    text = ModelCard("tiny", data, {}).to_markdown(Sampling(), "AnyPipeline")
    assert {name for name in ("OpenMoji", "Iconify", "Sketch2Pokemon") if name in text} == named
    assert "from diffusers import AnyPipeline\n" in text
    assert ("Drawings: creatures." in text) == (data == "creatures")

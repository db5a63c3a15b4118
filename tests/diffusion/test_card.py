from pokecolor.diffusion.card import ModelCard
from pokecolor.sampling import Sampling


def test_the_drawings_are_credited():
    card = ModelCard("tiny", "openmoji", {}, attribution="Drawings: OpenMoji.")
    assert "## Data\n\nDrawings: OpenMoji.\n\n##" in card.to_markdown(Sampling())


def test_drawings_without_a_credit_are_named():
    text = ModelCard("tiny", "creatures", {}).to_markdown(Sampling())
    assert "## Data\n\nDrawings: creatures.\n\n##" in text

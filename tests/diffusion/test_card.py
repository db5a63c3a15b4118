from pokecolor.diffusion.card import ModelCard


def test_the_drawings_are_credited():
    text = ModelCard("tiny", "openmoji", {}, attribution="Drawings: OpenMoji.").to_markdown()
    assert "## Data\n\nDrawings: OpenMoji.\n\n##" in text


def test_drawings_without_a_credit_are_named():
    assert (
        "## Data\n\nDrawings: creatures.\n\n##" in ModelCard("tiny", "creatures", {}).to_markdown()
    )

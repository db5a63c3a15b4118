import torch
from safetensors.torch import load_file
from transformers import CLIPTextModel

from pokecolor.model_files.mini import MINI, mini_text_tower


def test_the_text_encoders_training_begins_where_it_began_before():
    """At CLIP's tower, not at what came of it: else the recipe would give another one each time."""
    tower = mini_text_tower()
    assert isinstance(tower, CLIPTextModel)
    begun = tower.state_dict()
    kept = load_file(MINI / "clip" / "model.safetensors")
    ours = {name: value for name, value in kept.items() if name.startswith("text_model.")}
    assert ours
    for name, value in ours.items():
        key = name if name in begun else name.removeprefix("text_model.")
        assert torch.equal(begun[key], value.float()), name
    trained = load_file(MINI / "text_encoder" / "model.safetensors")
    assert any(not torch.equal(trained[name].float(), begun[name]) for name in trained)

import sys

import pytest
import torch
from diffusers import UNet2DConditionModel

from tools.mix_unets import main, mix


def tiny_unet(seed, width=8):
    torch.manual_seed(seed)
    return UNet2DConditionModel(
        in_channels=4, out_channels=4, sample_size=8,
        block_out_channels=(width, 16), norm_num_groups=4, cross_attention_dim=8,
        attention_head_dim=4, layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )  # fmt: skip


@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_the_mean_lies_between_both(share):
    mixed, first, second = tiny_unet(1), tiny_unet(1), tiny_unet(2)
    mix(mixed, second, share)
    for ours, one, other in zip(
        mixed.parameters(), first.parameters(), second.parameters(), strict=True
    ):
        torch.testing.assert_close(ours, share * one + (1 - share) * other)


def test_unets_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="differ in shape"):
        mix(tiny_unet(1), tiny_unet(1, width=16), 0.5)


def test_the_command_writes_float16(tmp_path, monkeypatch):
    tiny_unet(1).save_pretrained(tmp_path / "one")
    tiny_unet(2).save_pretrained(tmp_path / "other")
    command = ["mix_unets.py", tmp_path / "one", tmp_path / "other", "0.25", tmp_path / "out"]
    monkeypatch.setattr(sys, "argv", list(map(str, command)))
    main()
    mixed = UNet2DConditionModel.from_pretrained(tmp_path / "out", torch_dtype=torch.float16)
    mean = tiny_unet(1).conv_in.weight * 0.25 + tiny_unet(2).conv_in.weight * 0.75
    torch.testing.assert_close(mixed.conv_in.weight.float(), mean, rtol=0, atol=1e-3)


def test_the_command_refuses_other_shapes_in_one_line(tmp_path, monkeypatch, capsys):
    tiny_unet(1).save_pretrained(tmp_path / "one")
    tiny_unet(1, width=16).save_pretrained(tmp_path / "other")
    command = ["mix_unets.py", tmp_path / "one", tmp_path / "other", "0.5", tmp_path / "out"]
    monkeypatch.setattr(sys, "argv", list(map(str, command)))
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "differ in shape" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

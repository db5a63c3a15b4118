import sys

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file

from tools.grow_unet import grow, let_finest_read, main


@pytest.fixture
def unet():
    torch.manual_seed(1)
    return UNet2DConditionModel(
        in_channels=4, out_channels=4, sample_size=8,
        block_out_channels=(8, 16, 16), norm_num_groups=4, cross_attention_dim=8,
        attention_head_dim=4, layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    ).eval()  # fmt: skip


def paint(unet):
    generator = torch.Generator().manual_seed(0)
    x, words = torch.randn(2, 4, 8, 8, generator=generator), torch.ones(2, 3, 8)
    with torch.no_grad():
        return unet.eval()(x, torch.tensor([3, 700]), words).sample


@pytest.mark.parametrize("layers", [[2, 1, 1], [1, 3, 1], [2, 2, 2]])
def test_a_grown_unet_paints_the_same(unet, layers):
    grown = grow(unet, layers)
    assert [len(block.resnets) for block in grown.down_blocks] == layers
    assert [len(block.resnets) for block in grown.up_blocks] == [1 + n for n in reversed(layers)]
    torch.testing.assert_close(paint(grown), paint(unet), rtol=0, atol=1e-6)


def test_what_is_new_learns(unet):
    grown = grow(unet, [1, 2, 1])
    x = torch.randn(2, 4, 8, 8)
    grown.train()(x, torch.tensor([3, 700]), torch.ones(2, 3, 8)).sample.square().mean().backward()
    for layer in (grown.down_blocks[1].resnets[1].conv2, grown.up_blocks[1].attentions[1].proj_out):
        assert layer.weight.grad.abs().sum() > 0


def test_it_grows_twice(unet):
    twice = grow(grow(unet, [1, 2, 1]), [2, 3, 1])
    torch.testing.assert_close(paint(twice), paint(unet), rtol=0, atol=1e-6)


def test_a_finest_level_that_reads_paints_the_same_at_first(unet):
    reading = let_finest_read(unet, 2)
    torch.testing.assert_close(paint(reading), paint(unet), rtol=0, atol=1e-6)


def test_its_attention_hears_the_words_and_looks_at_no_other_cell(unet):
    attention = let_finest_read(unet, 2).up_blocks[-1].attentions[0].eval()
    torch.nn.init.eye_(attention.proj_out.weight[:, :, 0, 0])
    cells, words = torch.randn(1, 8, 8, 8), torch.randn(2, 1, 3, 8)
    with torch.no_grad():
        one, other = (attention(cells, text, return_dict=False)[0] for text in words)
        block = attention.transformer_blocks[0]
        tokens = torch.randn(1, 5, 8)
        heard = block(tokens, encoder_hidden_states=words[0])
        first = block(tokens[:, :1], encoder_hidden_states=words[0])
    assert (one - other).abs().max() > 1e-4
    torch.testing.assert_close(heard[:, :1], first)


@pytest.mark.parametrize("heads", [0, 3])
def test_heads_that_do_not_share_the_channels_are_refused(unet, heads):
    with pytest.raises(ValueError, match="heads"):
        let_finest_read(unet, heads)


def test_a_finest_level_reads_but_once(unet):
    with pytest.raises(ValueError, match="already"):
        let_finest_read(let_finest_read(unet, 2), 2)


def test_the_command_changes_a_folder_in_place(unet, tmp_path, monkeypatch, capsys):
    unet.to(torch.float16).save_pretrained(tmp_path / "unet")
    monkeypatch.setattr(sys, "argv", ["grow_unet.py", str(tmp_path), "2", "2", "1"])
    main()
    assert "million weights" in capsys.readouterr().out
    file = tmp_path / "unet" / "diffusion_pytorch_model.safetensors"
    assert {value.dtype for value in load_file(file).values()} == {torch.float16}, "as it was"
    grown = UNet2DConditionModel.from_pretrained(tmp_path, subfolder="unet")
    assert list(grown.config.layers_per_block) == [2, 2, 1]
    torch.testing.assert_close(paint(grown), paint(unet.float()), rtol=0, atol=1e-3)


def test_the_command_lets_the_finest_level_read(unet, tmp_path, monkeypatch):
    unet.save_pretrained(tmp_path / "unet")
    command = ["grow_unet.py", str(tmp_path), "1", "2", "1", "--finest-reads", "2"]
    monkeypatch.setattr(sys, "argv", command)
    main()
    grown = UNet2DConditionModel.from_pretrained(tmp_path, subfolder="unet")
    assert list(grown.config.layers_per_block) == [1, 2, 1]
    assert grown.config.up_block_types[-1] == "CrossAttnUpBlock2D"
    torch.testing.assert_close(paint(grown), paint(unet), rtol=0, atol=1e-6)


@pytest.mark.parametrize("layers", [["0", "1", "1"], ["2", "2"]])
def test_layers_that_do_not_fit_are_refused(unet, tmp_path, monkeypatch, capsys, layers):
    unet.save_pretrained(tmp_path / "unet")
    monkeypatch.setattr(sys, "argv", ["grow_unet.py", str(tmp_path), *layers])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "layers" in capsys.readouterr().err.splitlines()[-1]


def test_a_folder_without_a_unet_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["grow_unet.py", str(tmp_path), "2", "2", "1"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "not there" in capsys.readouterr().err

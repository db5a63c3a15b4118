from functools import partial
from types import SimpleNamespace

import pytest
import torch
from diffusers import AutoencoderKL
from guarded_steps import guarded_steps

from pokecolor.core.training.optimizers import lr_schedule
from pokecolor.pretraining.vae import VAEModule, crop_where_drawn

COSINE = partial(lr_schedule, name="cosine")


@pytest.fixture
def module():
    torch.manual_seed(0)
    vae = AutoencoderKL(
        block_out_channels=(8, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=16,
        mid_block_add_attention=False,
    )
    module = VAEModule(vae, partial(torch.optim.AdamW, lr=5e-3), COSINE, crop=16)
    module.log = lambda *_, **__: None
    module.trainer = SimpleNamespace(global_step=0, estimated_stepping_batches=100, strategy=None)
    return module


def batch_of(images):
    return {
        "id": [str(i) for i in range(len(images))],
        "original_image": images,
        "edited_image": images,
        "part_map": torch.zeros(len(images), *images.shape[2:], dtype=torch.uint8),
    }


def test_crops_contain_what_is_drawn():
    images = torch.ones(8, 3, 64, 64)
    for i in range(8):
        images[i, :, 6 * i : 6 * i + 4, 50:54] = -1.0
    crops = crop_where_drawn(images, 16)
    assert crops.shape == (8, 3, 16, 16)
    assert (crops.flatten(1).amin(1) == -1.0).all()


def test_a_blank_image_is_cropped_somewhere():
    assert (crop_where_drawn(torch.ones(2, 3, 32, 32), 16) == 1.0).all()


def test_a_crop_as_large_as_the_image_is_the_image():
    images = torch.rand(2, 3, 16, 16) * 2 - 1
    assert torch.equal(crop_where_drawn(images, 16), images)


def test_training_lowers_the_loss_and_the_average_follows(module):
    torch.manual_seed(0)
    images = (torch.rand(4, 3, 1, 1) * 2 - 1).expand(-1, -1, 16, 16).contiguous()
    batch = batch_of(images)
    optimizer = module.optimizer(module.vae.parameters())
    losses = []
    for step in range(30):
        loss = module.training_step(batch, step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        module.on_step_taken()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]
    assert int(module.average.n_averaged) == 30


def test_the_guard_is_told_of_a_loss_that_is_not_finite(module):
    step, told = guarded_steps(module)
    images = torch.zeros(2, 3, 16, 16)
    step(batch_of(images))
    step(batch_of(images / 0))
    assert told == [(True, ["0", "1"]), (False, ["0", "1"])]


def test_regions_of_a_color_image_count_alike_however_small(module):
    module.region_loss_weight = 1.0
    batch = batch_of(torch.rand(1, 3, 16, 16) * 2 - 1)
    batch["part_map"][0, 4:6, 4:6] = 1
    _, weights = module._crops(batch)
    of_sketch, of_color = weights[:, 0]
    assert (of_sketch == 1).all()
    assert of_color[4:6, 4:6].sum().item() == pytest.approx(128)  # half of 16 x 16
    assert of_color.mean().item() == pytest.approx(1.0)


def test_the_last_share_of_training_sees_whole_images(module):
    module.crop = 8
    batch = batch_of(torch.rand(2, 3, 16, 16) * 2 - 1)
    sizes = []
    for module.trainer.global_step in (0, 74, 75, 99):
        images, weights = module._crops(batch)
        assert weights.shape == (4, 1, *images.shape[2:])
        sizes.append(images.shape[-1])
    assert sizes == [8, 8, 16, 16]


def test_reconstruction_uses_the_averaged_weights_and_stays_in_range(module):
    images = torch.rand(2, 3, 16, 16) * 2 - 1
    before = module.reconstruct(images)
    for parameter in module.vae.parameters():
        parameter.data.add_(0.5)
    assert torch.equal(module.reconstruct(images), before)
    assert before.abs().max() <= 1.0


def test_psnr_is_that_of_each_image(module):
    images = torch.rand(2, 3, 16, 16) * 2 - 1
    batch = {"drawing_id": ["x", "y"], "original_image": images, "edited_image": -images}
    module.test_step(batch, 0)
    for kind, target in (("original", images), ("edited", -images)):
        error = (module.reconstruct(target) - target).square().mean((1, 2, 3))
        expected = 10 * torch.log10(4 / error)
        drawings, values = zip(*module.per_sample[f"test/psnr_{kind}"], strict=True)
        assert drawings == ("x", "y")
        assert values == pytest.approx(expected.tolist(), abs=1e-3)
    assert len(module.per_sample["test/psnr"]) == 4


def test_saved_latents_have_unit_variance(module, tmp_path):
    images = torch.rand(8, 3, 16, 16) * 2 - 1
    batches = [{"edited_image": images}]
    module.trainer = SimpleNamespace(
        datamodule=SimpleNamespace(val_dataloader=lambda: batches), strategy=None
    )
    assert module.save_parts(tmp_path) == tmp_path / "vae"
    vae = AutoencoderKL.from_pretrained(tmp_path / "vae", torch_dtype=torch.float32)
    latents = vae.encode(images).latent_dist.mode() * vae.config.scaling_factor
    assert latents.std().item() == pytest.approx(1.0, abs=0.01)

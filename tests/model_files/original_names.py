"""A model in diffusers' names to the names of Stable Diffusion's authors.

The other way round than what is tested, after diffusers' own script
`convert_diffusers_to_original_stable_diffusion.py`.
"""

import re

UNET = {
    "time_embedding.linear_1.": "time_embed.0.",
    "time_embedding.linear_2.": "time_embed.2.",
    "conv_in.": "input_blocks.0.0.",
    "conv_norm_out.": "out.0.",
    "conv_out.": "out.2.",
    "mid_block.resnets.0.": "middle_block.0.",
    "mid_block.attentions.0.": "middle_block.1.",
    "mid_block.resnets.1.": "middle_block.2.",
}
RESNET = {
    "norm1.": "in_layers.0.",
    "conv1.": "in_layers.2.",
    "norm2.": "out_layers.0.",
    "conv2.": "out_layers.3.",
    "time_emb_proj.": "emb_layers.1.",
    "conv_shortcut.": "skip_connection.",
}
ATTENTION = {
    "group_norm.": "norm.",
    "to_q.": "q.",
    "to_k.": "k.",
    "to_v.": "v.",
    "to_out.0.": "proj_out.",
}


def original_unet(tensors, layers):
    """`layers` is how many a block has."""
    return {f"model.diffusion_model.{_unet(name, layers)}": v for name, v in tensors.items()}


def _unet(name, layers):
    for ours, theirs in UNET.items():
        if name.startswith(ours):
            name = theirs + name.removeprefix(ours)
    if match := re.match(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.", name):
        side, block, kind, layer = match[1], int(match[2]), match[3], int(match[4])
        rest = name[match.end() :]
        if side == "down":
            number = block * (layers + 1) + (layer + 1 if kind != "downsamplers" else layers + 1)
            place = {"resnets": "0", "attentions": "1", "downsamplers": "0.op"}[kind]
            rest = rest.removeprefix("conv.") if kind == "downsamplers" else rest
            name = f"input_blocks.{number}.{place}.{rest}"
        else:
            number = block * (layers + 1) + (layer if kind != "upsamplers" else layers)
            # the first block of Stable Diffusion has no attention before its upsampler
            place = {"resnets": "0", "attentions": "1", "upsamplers": "1" if block == 0 else "2"}
            name = f"output_blocks.{number}.{place[kind]}.{rest}"
    for ours, theirs in RESNET.items():
        if "transformer_blocks" not in name:
            name = name.replace(ours, theirs) if re.search(rf"\.{re.escape(ours)}", name) else name
    return name


def original_vae(tensors, blocks):
    """`blocks` is how many levels it has."""
    renamed = {}
    for name, value in tensors.items():
        new = name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
        new = re.sub(r"encoder\.down_blocks\.(\d)\.resnets\.", r"encoder.down.\1.block.", new)
        new = re.sub(r"down_blocks\.(\d)\.downsamplers\.0\.", r"down.\1.downsample.", new)
        up = re.search(r"up_blocks\.(\d)", new)
        if up:
            new = new.replace(up[0], f"up.{blocks - 1 - int(up[1])}")
            new = new.replace("resnets.", "block.").replace("upsamplers.0.", "upsample.")
        new = new.replace("mid_block.resnets.0.", "mid.block_1.")
        new = new.replace("mid_block.resnets.1.", "mid.block_2.")
        if "mid_block.attentions.0." in new:
            for ours, theirs in ATTENTION.items():
                new = new.replace(f"attentions.0.{ours}", f"attentions.0.{theirs}")
            new = new.replace("mid_block.attentions.0.", "mid.attn_1.")
            if value.dim() == 2:  # theirs are convolutions
                value = value[:, :, None, None]
        renamed[f"first_stage_model.{new}"] = value.contiguous()
    return renamed


def original_text_encoder(tensors):
    return {
        f"cond_stage_model.transformer.text_model.{name.removeprefix('text_model.')}": value
        for name, value in tensors.items()
    }

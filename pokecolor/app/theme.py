"""The page's theme: Gradio's, in the colors of `static/pokecolor.css`, without web fonts."""

from __future__ import annotations

from importlib import resources

import gradio as gr

FONTS = (
    "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Apple SD Gothic Neo",
    "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", "sans-serif",
)  # fmt: skip
STATIC = {"pokecolor.css": "text/css", "pokecolor.js": "text/javascript"}
"""The files that are served, with their media types."""


def theme() -> gr.themes.Base:
    """Gradio's parts, dressed as ours."""
    look = {
        "body_background_fill": "var(--pc-paper)",
        "body_text_color": "var(--pc-ink)",
        "body_text_color_subdued": "var(--pc-soft)",
        "background_fill_primary": "var(--pc-card)",
        "background_fill_secondary": "var(--pc-paper)",
        "border_color_primary": "var(--pc-line)",
        "border_color_accent": "var(--pc-accent)",
        "color_accent": "var(--pc-accent)",
        "checkbox_background_color_selected": "var(--pc-accent)",
        "checkbox_border_color_selected": "var(--pc-accent)",
        "checkbox_border_color_focus": "var(--pc-accent)",
        "loader_color": "var(--pc-accent)",
        "link_text_color": "var(--pc-accent)",
        "color_accent_soft": "var(--pc-tint)",
        "block_background_fill": "transparent",
        "block_border_width": "0px",
        "block_label_text_color": "var(--pc-ink)",
        "block_title_text_color": "var(--pc-ink)",
        "block_info_text_color": "var(--pc-soft)",
        "block_title_background_fill": "transparent",
        "block_label_background_fill": "transparent",
        "block_shadow": "none",
        "panel_background_fill": "transparent",
        "input_background_fill": "var(--pc-card)",
        "input_border_color": "var(--pc-line)",
        "input_border_color_focus": "var(--pc-accent)",
        "input_placeholder_color": "var(--pc-faint)",
        "button_primary_background_fill": "var(--pc-accent)",
        "button_primary_background_fill_hover": "var(--pc-accent-strong)",
        "button_primary_text_color": "var(--pc-on-accent)",
        "button_secondary_background_fill": "var(--pc-card)",
        "button_secondary_text_color": "var(--pc-ink)",
        "slider_color": "var(--pc-accent)",
        "error_background_fill": "var(--pc-card)",
        "error_text_color": "var(--pc-ink)",
    }
    base = gr.themes.Base(
        font=list(FONTS), font_mono=["ui-monospace", "monospace"], radius_size="lg"
    )
    # Gradio keeps a second set for the dark; the variables have one of their own
    known = vars(base)
    dark = {f"{key}_dark": value for key, value in look.items() if f"{key}_dark" in known}
    return base.set(**look, **dark)


def read_static(name: str) -> str:
    """The text of one of `STATIC`."""
    return (resources.files("pokecolor.app") / "static" / name).read_text(encoding="utf-8")

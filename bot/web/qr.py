"""QR codes of addresses of ours: segno draws them, here alone.

As large as they are read from the back of a room: the address is short, a quarter of it may be covered.
"""

from __future__ import annotations

from io import BytesIO

from markupsafe import Markup

CORRECTION = "q"
"""A quarter of the code may be hidden by a head or a reflection."""
PNG_SCALE = 24
"""Pixels of one square: some 900 in all, enough for a slide."""


def qr_svg(address: str, label: str) -> Markup:
    """For a page: `label` is what it says to who does not see it."""
    import segno

    code = segno.make_qr(address, error=CORRECTION)
    drawn = code.svg_inline(scale=1, omitsize=True, border=4, svgclass="qr", lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg role="img" aria-label="{}" ', 1)).format(label)  # noqa: S704


def qr_png(address: str) -> bytes:
    """For a slide."""
    import segno

    image = BytesIO()
    segno.make_qr(address, error=CORRECTION).save(image, kind="png", scale=PNG_SCALE, border=4)
    return image.getvalue()

"""Every template of the pages is whole: it compiles, and holds nothing of two versions that were not put together."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "bot").rglob("*.j2"))
TWO_VERSIONS = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "bot")))
def test_a_template_is_whole(path):
    text = path.read_text(encoding="utf-8")
    assert TWO_VERSIONS.findall(text) == []
    Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(text)

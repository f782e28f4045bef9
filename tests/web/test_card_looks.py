"""How the bot's cards look: drawn by Microsoft's own renderer in Chromium as narrow as a phone's chat, light, dark and in contrast.

Nothing is unknown to it, nothing is left out, nothing stands out at the side, and all of it can be read (WCAG 2.2 AA by axe-core).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.browsers import COLOUR_RULES, WCAG, borrowed_page, broken_rules
from tests.builders.houses import lent_house

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CARDS = Path(__file__).parents[1] / "golden" / "cards"
RENDERER = Path(__file__).parent / ".cards" / "adaptivecards.min.js"
PHONE = {"width": 320, "height": 800}
THEMES = {
    "light": {"back": "#ffffff", "fore": "#242424", "subtle": "#616161", "accent": "#4f52b2", "bad": "#b10e1c", "good": "#0e700e"},
    "dark": {"back": "#292929", "fore": "#ffffff", "subtle": "#d6d6d6", "accent": "#aab1fa", "bad": "#f9909b", "good": "#92c353"},
    "contrast": {"back": "#000000", "fore": "#ffffff", "subtle": "#ffffff", "accent": "#ffff00", "bad": "#ff9f9f", "good": "#9fff9f"},
}
"""The colours of Teams' three themes, as near as a host's configuration says them."""
DRAW = """([cards, theme]) => {
    const colour = (one) => ({default: one, subtle: one});
    const texts = {
        default: colour(theme.fore), accent: colour(theme.accent), good: colour(theme.good), warning: colour(theme.fore),
        attention: colour(theme.bad), light: colour(theme.fore), dark: colour(theme.fore),
    };
    texts.default.subtle = theme.subtle;
    const style = {backgroundColor: theme.back, foregroundColors: texts};
    const hostConfig = new AdaptiveCards.HostConfig({
        fontFamily: "sans-serif", containerStyles: {default: style, emphasis: style}, supportsInteractivity: true,
        actions: {maxActions: 6, actionsOrientation: "vertical", showCard: {actionMode: "inline"}},
    });
    document.body.style.background = theme.back;
    document.body.style.color = theme.fore;
    const drawn = Object.entries(cards).map(([name, payload]) => {
        const unknown = [];
        const card = new AdaptiveCards.AdaptiveCard();
        card.version = new AdaptiveCards.Version(1, 5);
        card.hostConfig = hostConfig;
        const context = new AdaptiveCards.SerializationContext();
        card.parse(payload, context);
        for (let at = 0; at < context.eventCount; at++) unknown.push(context.getEventAt(at).message);
        const invalid = card.validateProperties().validationEvents.map((event) => event.message);
        const main = document.createElement("section");
        main.dataset.card = name;
        document.querySelector("main").append(main);
        main.append(card.render());
        const paint = (what, colour) => {
            for (const one of main.querySelectorAll(what)) one.style.cssText += `;color:${colour};background:${theme.back}`;
        };
        paint("button, a", theme.accent);
        paint("input, select, textarea", theme.fore);
        return [name, main, {unknown, invalid}];
    });
    // Only when all stand there is asked how they look: to lay them out anew for each would cost more than to draw them.
    return Object.fromEntries(drawn.map(([name, main, found]) => [name, {
        ...found, text: main.innerText, width: main.scrollWidth,
        buttons: [...main.querySelectorAll("button, a")].map((one) => one.innerText),
    }]));
}"""
PAGE = """<!doctype html><html lang="da"><title>Kort</title><style>
* { box-sizing: border-box; max-width: 100%; } body { margin: 0; font: 14px sans-serif } input, select, textarea { width: 100% }
input[type=radio], input[type=checkbox] { width: 24px; height: 24px; flex: none } /* the client's own; the renderer leaves it to the host */
</style><main></main></html>"""


def words_of(card: Any) -> list[str]:
    """What a reader sees without a press, run by run."""
    if isinstance(card, list):
        return [text for one in card for text in words_of(one)]
    if not isinstance(card, dict) or str(card.get("type", "")).startswith("Action."):
        return []
    own = [card["text"]] if isinstance(card.get("text"), str) else []
    return own + [text for key in ("body", "items", "inlines", "columns") for text in words_of(card.get(key, []))]


@pytest.mark.parametrize("theme", THEMES)
def test_every_card_is_drawn_whole_and_can_be_read(browser: Browser, theme: str) -> None:
    """All of them below each other, as in a long chat, and looked at in one go."""
    with lent_house() as house, borrowed_page(browser, viewport=PHONE, rest=house.rest) as page:
        page.goto(house.rest)
        page.set_content(PAGE)
        page.add_script_tag(path=RENDERER)
        wrong = what_is_wrong(page, theme)
    assert wrong == {}


def what_is_wrong(page: Page, theme: str) -> dict[str, Any]:
    wrong = {}
    cards = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(CARDS.glob("*.json"))}
    for name, drawn in page.evaluate(DRAW, [cards, THEMES[theme]]).items():
        card = cards[name]
        shown = " ".join(drawn["text"].split())
        found = {
            "unknown": [one for one in drawn["unknown"] if 'property "lang"' not in one],
            "invalid": drawn["invalid"],
            "left out": [text for text in words_of(card) if " ".join(text.split()) not in shown],
            "too wide": drawn["width"] > PHONE["width"],
            "nameless": "" in drawn["buttons"],
        }
        if any(found.values()):
            wrong[name] = {what: value for what, value in found.items() if value}
    assert page.locator("[data-card]").count() == len(cards) > 0
    # The cards are the same in every theme but for their colours.
    found = broken_rules(page, of=WCAG if theme == next(iter(THEMES)) else COLOUR_RULES)
    return wrong | ({"axe": found} if found else {})

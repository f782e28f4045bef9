// How tests look at a page in a real browser with axe (tests/builders/browsers.py). Of its rules those are asked that can find something;
// `again` are the rules of the window, asked alone where the page says and hides the same as at the last look.
globalThis.looking = (() => {
    const HOW = {opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true};
    const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable], [role]";
    const LEAST = 24;
    let before = null;

    const isSmall = ({width, height}) => width < LEAST || height < LEAST;
    const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

    // Whether axe could find a target too small: a large one only where another lies upon it, a small one where another is near.
    const reach = (one) => {
        const {left, top, right, bottom, width, height} = one.getBoundingClientRect(), more = isSmall({width, height}) ? LEAST : 0;
        return {left: left - more, top: top - more, right: right + more, bottom: bottom + more};
    };
    const mayBeMissed = () => {
        const targets = [...document.querySelectorAll(TARGETS)].filter((one) => one.checkVisibility(HOW) && one.tabIndex >= 0)
            .map((one) => [one, reach(one)]).sort(([, one], [, other]) => one.top - other.top);
        return targets.some(([one, its], at) => {
            for (const [other, others] of targets.slice(at + 1)) {
                if (others.top >= its.bottom) return false;
                if (meet(its, others) && !(one.contains(other) && !one.matches("a, button, summary, [role]"))) return true;
            }
            return false;
        });
    };

    // Which elements a holder's edge cuts off.
    const cutOff = (all) => {
        const cut = new Set();
        for (const holder of all.filter((one) => getComputedStyle(one).overflow !== "visible")) {
            const edge = holder.getBoundingClientRect();
            for (const one of holder.querySelectorAll("*")) if (!meet(one.getBoundingClientRect(), edge)) cut.add(one);
        }
        return cut;
    };

    // The colours in which it stands, and whether its letters are large, which axe then asks less of.
    const drawn = (one) => {
        const {color, backgroundColor, backgroundImage, opacity, textShadow, fontSize, fontWeight} = getComputedStyle(one);
        const size = parseFloat(fontSize), isLarge = size >= 24 || (size >= 18.5 && parseInt(fontWeight) >= 700);
        return [color, backgroundColor, backgroundImage, opacity, textShadow, isLarge].join("|");
    };

    const asItIs = () => {
        const all = [...document.querySelectorAll("*")], shown = all.filter((one) => one.checkVisibility(HOW)), cut = cutOff(all);
        return {
            says: document.documentElement.outerHTML, shown: new Set(shown),
            colours: new Map(shown.filter((one) => !cut.has(one)).map((one) => [one, drawn(one)])),
        };
    };
    const saysTheSame = (now) => now.says === before.says && now.shown.size === before.shown.size && now.shown.isSubsetOf(before.shown);
    const hasTheSameColours = (now) => [...now.colours].every(([one, how]) => before.colours.get(one) === how);

    return async (rules, again, colours) => {
        const now = asItIs(), isSame = again !== null && before !== null && saysTheSame(now);
        const asked = {"color-contrast": colours && !(isSame && hasTheSameColours(now)), "target-size": mayBeMissed()};
        before = now;
        // What keeps the rules is only counted: to say where each of it stands would be half of what looking costs.
        const {violations} = await axe.run(document, {
            runOnly: (isSame ? again : rules).filter((one) => asked[one] ?? true), resultTypes: ["violations"],
            rules: Object.fromEntries(Object.entries(asked).map(([rule, enabled]) => [rule, {enabled}])),
        });
        return violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)]);
    };
})();

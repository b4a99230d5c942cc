"""Nobody is shut out: WCAG 2.2 A and AA by axe-core, the keyboard, and readers without motion."""

WHERE_THE_KEYBOARD_IS = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const here = document.activeElement;
  if (here === document.body) return null;
  const box = here.getBoundingClientRect(), style = getComputedStyle(here);
  const seen = here.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {html: here.outerHTML.slice(0, 200), visible: seen && box.width > 0 && marked};
}"""

WHAT_MOVES = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  const seconds = `${style.transitionDuration}, ${style.animationDuration}`.split(", ");
  return Math.max(...seconds.map(parseFloat)) > 0.001 || style.scrollBehavior === "smooth";
}).map(element => element.outerHTML.slice(0, 120))"""


def test_axe_finds_no_violation(seen):
    assert seen.violations == []


def test_every_stop_of_the_tab_key_can_be_seen(address, page_path, new_page):
    page = new_page(reduced_motion="reduce")
    page.goto(address + page_path)
    stops = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE_THE_KEYBOARD_IS)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 5
    assert [stop["html"] for stop in stops if not stop["visible"]] == []


def test_nothing_moves_for_readers_who_ask_for_that(address, page_path, new_page):
    page = new_page(reduced_motion="reduce")
    page.goto(address + page_path)
    assert page.evaluate(WHAT_MOVES) == []

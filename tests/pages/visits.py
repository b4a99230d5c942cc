"""One visit of a page in a real browser, with all that the tests ask about afterwards."""

import gzip
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe

COMPRESSED = (".woff2", ".png", ".jpg", ".webp", ".gz")
WATCH_SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) layoutShift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
WIDER_THAN_WINDOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Axe gives no verdict on single letters, of which formulas consist: their contrast is found here.
PALE_LETTERS = """() => {
  // "rgb(89, 99, 110)", or "color(srgb 0 0.4 0.64 / 0.16)" of a mixture
  const parts = (colour) => colour.match(/[\\d.]+/g).map(
    (number, i) => Number(number) * (i < 3 && colour.startsWith("color(srgb") ? 255 : 1));
  const over = ([r, g, b, alpha = 1], below) =>
    [r, g, b].map((part, i) => alpha * part + (1 - alpha) * below[i]);
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const colour = parts(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? ground(element.parentElement)
      : over(colour, colour.length > 3 ? ground(element.parentElement) : colour);
  };
  const light = (colour) => colour
    .map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (element) => {
    const below = ground(element);
    let [r, g, b, alpha = 1] = parts(getComputedStyle(element).color);
    for (let e = element; e; e = e.parentElement) alpha *= getComputedStyle(e).opacity;
    const [dark, bright] = [over([r, g, b, alpha], below), below].map(light).sort((p, q) => p - q);
    return (bright + 0.05) / (dark + 0.05);
  };
  return [...document.querySelectorAll("math *")]
    .filter((part) => !part.children.length && part.textContent.trim())
    .filter((part) => part.checkVisibility({opacityProperty: true, visibilityProperty: true}))
    .filter((part) => contrast(part) < 4.5)
    .map((part) => `pale: ${part.outerHTML} in ${part.closest("math").outerHTML.slice(0, 200)}`);
}"""
WCAG = {
    "resultTypes": ["violations"],  # what is right needs no report, and takes most of the time
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # Part of WCAG too, but off by default because they are still called experimental.
    "rules": {
        name: {"enabled": True}
        for name in (
            "css-orientation-lock",
            "label-content-name-mismatch",
            "p-as-heading",
            "table-fake-caption",
            "td-has-header",
        )
    },
}


class Visit(NamedTuple):
    """
    What was seen.

    Attributes
    ----------
    page_path : str
        The page, relative to the site.
    weights : dict of str to int
        Bytes of each response, compressed as a web server would send it.
    strangers : list of str
        Requests that left the site.
    complaints : list of str
        Errors and warnings of the console, uncaught errors, failed requests.
    shift : float
        Cumulative layout shift.
    overflow : int
        Pixels by which the page is wider than the window.
    violations : list of str
        What axe-core found, one sentence for each element.
    has_stepper : bool
        If the page has a stepper.
    """

    page_path: str
    weights: dict
    strangers: list
    complaints: list
    shift: float
    overflow: int
    violations: list
    has_stepper: bool


def weigh(response):
    path = response.url.split("?")[0]
    body = response.body()
    return path, len(body) if path.endswith(COMPRESSED) else len(gzip.compress(body))


def violations(page, part=None):
    """Ask axe-core about WCAG 2.2, levels A and AA; of a page, or of the part a selector names."""
    context = {"include": [[part or "html"]], "exclude": [["math"]]}
    found = Axe().run(page, context=context, options=WCAG).response["violations"]
    return page.evaluate(PALE_LETTERS) + [
        f"{rule['id']}: {node['failureSummary']}\n{node['html'][:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


def listen(page, address):
    """Collect the responses, the requests that leave the site, and the complaints of a page."""
    responses, strangers, complaints = [], [], []
    page.on("response", lambda r: responses.append(r))
    page.on("requestfailed", lambda r: complaints.append(f"failed: {r.url}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: m.type in ("error", "warning") and complaints.append(m.text))
    page.on("request", lambda r: r.url.startswith((address, "data:")) or strangers.append(r.url))
    return responses, strangers, complaints


def visit(browser, address, page_path, mode, width, pictures):
    """Load a page with an empty cache, look at it, and keep a picture of it."""
    height = {1280: 900, 390: 844}[width]
    context = browser.new_context(
        color_scheme=mode,
        viewport={"width": width, "height": height},
        reduced_motion="no-preference",
    )
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    responses, strangers, complaints = listen(page, address)
    page.goto(address + page_path, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    page.wait_for_timeout(200)  # time for a late shift to happen
    name = f"{page_path.removesuffix('.html').replace('/', '_')}_{mode}_{width}.png"
    page.screenshot(path=pictures / name, full_page=True)
    seen = Visit(
        page_path,
        dict(weigh(response) for response in responses if response.url.startswith(address)),
        strangers,
        complaints,
        page.evaluate("layoutShift"),
        page.evaluate(WIDER_THAN_WINDOW),
        violations(page),
        page.locator("rnn-stepper").count() > 0,
    )
    context.close()
    return seen

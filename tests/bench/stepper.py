"""Measure in Chromium how soon a stepper has painted after a key, and while a weight is dragged."""

import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "tests"), str(ROOT / "book" / "_ext")]

from static_widgets import bundle  # noqa: E402

from browser import FLAGS, find_chromium  # noqa: E402
from networks import random_case  # noqa: E402
from rnnlib import backward, forward  # noqa: E402
from rnnlib.backward_frames import backward_frames  # noqa: E402
from rnnlib.stepper import STYLE, Stepper  # noqa: E402

# Without these the browser waits for the screen, which shows a frame every 16.7 ms.
AT_ONCE = ["--disable-gpu-vsync", "--disable-frame-rate-limit"]
# From an event to the end of the task that follows the next frame: script, layout and paint.
TO_PAINT = """async (root, [what, times]) => {
  const settled = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const slider = root.querySelector("[data-choose=value]"), spans = [];
  root.querySelector(".experiments").open = what === "drag";
  for (let i = 0; i < times; i++) {
    await settled();
    const start = performance.now();
    if (what === "key") root.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}));
    else {
      slider.value = -1 + 2 * i / times;
      slider.dispatchEvent(new Event("input", {bubbles: true}));
    }
    root.offsetHeight;
    const script = performance.now() - start;
    await settled();
    spans.push([script, performance.now() - start]);
  }
  return spans;
}"""
# As many changes as the browser shows: one for each frame that it paints, for a while.
FRAMES = """(root, seconds) => new Promise(done => {
  const slider = root.querySelector("[data-choose=value]"), start = performance.now();
  root.querySelector(".experiments").open = true;
  let frames = 0;
  const next = now => {
    if (now - start > 1000 * seconds) return done(frames / seconds);
    slider.value = Math.sin(frames++ / 30);
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""


def page_of(T, n_h):
    """Write a page with one stepper and nothing else."""
    case = random_case(0, T, 1, n_x=n_h, n_h=n_h, n_y=n_h)
    trace = forward(*case)
    stepper = Stepper(backward_frames(case.params, trace, backward(case.params, trace)), "bench")
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{stepper.html()}"
        f"<script>{bundle()}</script>"
    )


def report(name, spans):
    script, paint = np.array(spans).T
    print(
        f"{name}: script and layout {statistics.median(script):.1f} ms, "
        f"to the end of the painted frame {statistics.median(paint):.1f} ms (medians of "
        f"{len(spans)}; 95 of 100 within {np.quantile(script, 0.95):.1f} ms and "
        f"{np.quantile(paint, 0.95):.1f} ms)"
    )


if __name__ == "__main__":
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*FLAGS, *AT_ONCE]
        )
        for T, what in ((8, "key"), (6, "drag")):
            file = Path(folder) / f"{what}.html"
            file.write_text(page_of(T, 4), encoding="utf-8")
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(file.as_uri())
            root = page.locator(".rnn-stepper")
            root.wait_for()
            if what == "drag":
                root.locator(".controls input").fill("60")
                root.locator("[data-choose=key]").evaluate(
                    "part => { part.value = 'W_hh'; "
                    "part.dispatchEvent(new Event('input', {bubbles: true})); }"
                )
            report(f"T={T}, H=4, one {what}", root.evaluate(TO_PAINT, [what, 120]))
            if what == "drag":
                print(f"frames a second while a weight is dragged: {root.evaluate(FRAMES, 3):.0f}")

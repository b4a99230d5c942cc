"""Steppers on the static page: one classic script and one style, only where they are needed."""

from pathlib import Path

from rnnlib import stepper

SCRIPT, STYLE = "rnn-stepper.js", "rnn-stepper.css"


def bundle():
    """Join the view and the custom element into one script that also works from file://."""
    view = stepper.SCRIPT
    if view.count("export default ") != 1:
        raise ValueError("stepper.js: expected one `export default`, so that it can be bundled")
    page = (Path(__file__).parent / "stepper_page.js").read_text()
    view = view.replace("export default ", "return ")
    return f"(() => {{\nconst stepperView = (() => {{\n{view}}})();\n{page}}})();\n"


def add_to_pages_with_steppers(app, pagename, templatename, context, doctree):
    if "<rnn-stepper" in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")
        app.add_css_file(STYLE)


def write_files(app, exception):
    if exception is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        (static / SCRIPT).write_text(bundle())
        (static / STYLE).write_text(stepper.STYLE)


def setup(app):
    app.connect("html-page-context", add_to_pages_with_steppers)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

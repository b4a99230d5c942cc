"""The check laboratory on the static page: its view, and the errors of every setting."""

import json
from pathlib import Path

from rnnlib import check_lab, check_tables

SCRIPT, STYLE = "check-lab.js", "check-lab.css"


def bundle():
    """Join the view, the table and the custom element into one script, also for file://."""
    page = (Path(__file__).parent / "check_lab_page.js").read_text(encoding="utf-8")
    view = check_lab.SCRIPT.replace("export default ", "return ")
    table = json.dumps(check_tables.error_table())
    return (
        f"(() => {{\nconst table = {table};\nconst view = (() => {{\n{view}}})();\n{page}}})();\n"
    )


def add_to_pages_with_a_lab(app, pagename, templatename, context, doctree):
    if "<rnn-check-lab" in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")
        app.add_css_file(STYLE)
        app.env.rnn_has_check_lab = True


def write_files(app, exception):
    if exception is None and getattr(app.env, "rnn_has_check_lab", False):
        static = Path(app.outdir) / "_static"
        (static / SCRIPT).write_text(bundle(), encoding="utf-8")
        (static / STYLE).write_text(check_lab.STYLE, encoding="utf-8")


def setup(app):
    app.connect("html-page-context", add_to_pages_with_a_lab)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": False}

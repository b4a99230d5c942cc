"""Repairs to the theme: what is foreign or heavy goes out, what a page must say comes in."""

from html import escape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.util import logging

from rnnlib import palette

logger = logging.getLogger(__name__)

SEARCH = '<meta name="description" content="Search the whole text of this book." />\n'


def write_palette(app):
    """Write the colours of rnnlib as CSS variables, so that they are typed once."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    light, dark = map(palette.css_variables, (palette.LIGHT, palette.DARK))
    (static / "palette.css").write_text(
        f'html{{{light}}}\nhtml[data-theme="dark"]{{{dark}}}\n'
        f'@media (prefers-color-scheme:dark){{html[data-theme="auto"]{{{dark}}}}}\n'
    )


# Emitted for every page, and used by none: thebe asks another host for a kernel, and the
# state of widgets is a second copy of what a stepper carries in its own HTML.
UNUSED = ("thebe", "jupyter.widget")


def repair_page(app, pagename, templatename, context, doctree):
    """Drop the scripts that nothing here uses; ask the page for its description."""
    context["script_files"] = [
        script
        for script in context["script_files"]
        if not any(word in f"{script.filename} {script.attributes}".lower() for word in UNUSED)
    ]
    if "generate_toctree_html" in context:
        context["generate_toctree_html"] = with_named_toggles(context["generate_toctree_html"])
    if pagename == "search":
        context["metatags"] = SEARCH
    if 'name="description"' not in context.get("metatags", ""):
        logger.warning(
            "%s: a page needs a description: "
            "{'myst': {'html_meta': {'description': '...'}}} in its metadata",
            pagename,
            type="theme",
        )


def with_named_toggles(generate):
    """Name the marks that unfold the contents after the page that they stand beside."""

    def named(*args, **options):
        contents = generate(*args, **options)
        for toggle in contents.select("summary") if contents else ():
            toggle["aria-label"] = f"Pages of “{toggle.find_parent('li').a.get_text(strip=True)}”"
        return contents

    return named


def drop_repeated_ids(app, doctree, docname):
    """Take the id from the body of an exercise: every exercise of a page has the same."""
    for section in doctree.findall(nodes.section):
        if section["ids"] in (["exercise-content"], ["solution-content"]):
            section["ids"] = []


def visit_folded_cell(translator, node):
    """Open a folded cell: its visible words are its name, with no second name beside them."""
    words = (("collapsed", node["prompt_show"]), ("expanded", node["prompt_hide"]))
    translator.body.append(
        f'<details class="admonition hide {" ".join(node["classes"])}">\n<summary>'
        + "".join(f'<p class="{when} admonition-title">{escape(text)}</p>' for when, text in words)
        + "</summary>\n"
    )


def setup(app):
    app.add_node(HideCodeCellNode, override=True, html=(visit_folded_cell, depart_HideCellInput))
    app.add_css_file("palette.css")
    app.add_css_file("book.css")
    app.connect("builder-inited", write_palette)
    app.connect("doctree-resolved", drop_repeated_ids)
    app.connect("html-page-context", repair_page, priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Run the chapters and store what they show: text only, so that a diff can be read."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).parent.parent / "book"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# The same on every machine, whatever the kernel that ran the cells calls itself.
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def is_plot(html):
    """Tell a drawing of matplotlib: another version of it draws the same a little differently."""
    return "".join(html).startswith('<svg class="rnn-plot"')


def clean(notebook):
    """Keep what a reader reads and nbval compares: no pictures, widget state or timings."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(nbformat.from_dict(KERNEL))
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in [k for k in data if k == WIDGET_VIEW or k.startswith("image/")]:
                del data[kind]
            if is_plot(data.get("text/html", "")):
                del data["text/html"]
    return notebook


def store_outputs(path):
    """Execute one chapter, and write it only if something changed."""
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": path.parent}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # not what it thinks of its transport
    ).execute()
    after = nbformat.writes(clean(notebook)) + "\n"
    if after == before:
        return "unchanged"
    path.write_text(after, encoding="utf-8")
    return "stored"


if __name__ == "__main__":
    for chapter in map(Path, sys.argv[1:] or sorted(BOOK.glob("*.ipynb"))):
        print(f"{chapter.name} … ", end="", flush=True)
        print(store_outputs(chapter))

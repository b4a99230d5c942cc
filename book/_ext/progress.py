"""One line a page, with its time: to read a page is to execute its notebook."""

from time import perf_counter

from jupyter_client.manager import KernelManager

started = {}

# Some kernels greet us with a warning, in the middle of a line, unless they may encrypt.
if hasattr(KernelManager, "transport_encryption"):
    KernelManager.transport_encryption.default_value = "auto"


def page_begins(app, docname, source):
    started[docname] = perf_counter()
    print(f"{docname} … ", end="", flush=True)


def page_ends(app, doctree):
    print(f"{perf_counter() - started.pop(app.env.docname):.1f} s", flush=True)


def setup(app):
    app.connect("source-read", page_begins)
    app.connect("doctree-read", page_ends)
    return {"parallel_read_safe": False, "parallel_write_safe": True}

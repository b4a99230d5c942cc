"""Beside each displayed equation: a mark that opens what was checked of it, and the error found."""

from functools import cache
from html import escape
from pathlib import Path

from sphinx.util import logging

from rnnlib.equation_checks import examine, load_checks

logger = logging.getLogger(__name__)
BOOK = Path(__file__).parent.parent
checks = cache(lambda: load_checks(BOOK / "_checks"))


def mark(node, number, link):
    """Evaluate an equation, and write the mark; what does not hold is a warning."""
    label = node["label"]
    if label not in checks():
        logger.warning("%s has no check in book/_checks", label, location=node, type="equations")
        return ""
    try:
        finding = examine(node.astext(), checks()[label])
    except ValueError as error:
        logger.warning("%s cannot be evaluated: %s", label, error, location=node, type="equations")
        return ""
    if not finding.holds:
        message = "%s does not hold: off by %.1e"
        logger.warning(message, label, finding.error, location=node, type="equations")
    return (
        '<details class="checked"><summary><span aria-hidden="true">✓</span>'
        f'<span class="for-readers">What was checked of equation {number}</span></summary>'
        f"<p><strong>Checked</strong> when this page was built: {escape(finding.says)}; "
        f"{finding.cases} evaluations at random sizes and values, "
        f'{written(finding.error)}. <a href="{link}">All equations and their checks</a></p>'
        "</details>"
    )


def written(error):
    """Write an error in powers of ten."""
    if error == 0:
        return "all without any error"
    digits, exponent = f"{error:.0e}".split("e")
    return f"largest relative error {digits} · 10<sup>{str(int(exponent)).replace('-', '−')}</sup>"

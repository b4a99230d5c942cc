"""The claims at a glance: how many have which verdict, and a filter that needs no script."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from .claim_table import SIGNS
from .claim_trials import Trial, verdict
from .tables import Table

DOCUMENTS = ("000", "001", "002", "003", "004")
STYLE = (Path(__file__).parent / "claims.css").read_text(encoding="utf-8")


def summary_table(tried: Mapping[str, tuple[Trial, ...]]) -> Table:
    """
    Count the verdicts of each document.

    Parameters
    ----------
    tried : Mapping of str to tuple of Trial
        By document.

    Returns
    -------
    Table
        One row a document, one column a verdict, and the sums.

    Examples
    --------
    >>> summary_table({"001": ()}).rows[0][:2]
    ('[001](#document-001)', '0')
    """
    counts = {document: Counter(map(verdict, trials)) for document, trials in tried.items()}
    total = sum(counts.values(), Counter())
    lines = [(f"[{document}](#document-{document})", found) for document, found in counts.items()]
    rows = tuple(
        (name, *(str(found[word]) for word in SIGNS), str(found.total()))
        for name, found in [*lines, ("all", total)]
    )
    heads = (f"{sign} {word}" for word, sign in SIGNS.items())
    return Table("How many claims have which verdict.", ("document", *heads, "claims"), rows)


class ClaimFilter:
    """
    Choices of document and verdict; a style hides the other rows, and no script is needed.

    Examples
    --------
    >>> ClaimFilter()
    Choose a document and a verdict on the page.
    """

    def _repr_html_(self) -> str:
        words = {word: f"{sign} {word}" for word, sign in SIGNS.items()}
        documents = {document: document for document in DOCUMENTS}
        choices = _choices("document", documents) + _choices("verdict", words)
        return f'<style>\n{STYLE}{_rules()}</style>\n<div class="rnn-claim-filter">{choices}</div>'

    def __repr__(self) -> str:
        return "Choose a document and a verdict on the page."


def _choices(name: str, values: Mapping[str, str]) -> str:
    labels = "".join(
        f'<label><input type="radio" name="rnn-{name}" id="rnn-show-{value}"'
        f"{' checked' if value == f'every-{name}' else ''}>{text}</label>"
        for value, text in {f"every-{name}": "all", **values}.items()
    )
    return f"<fieldset><legend>{name}</legend>{labels}</fieldset>"


def _rules() -> str:
    """Hide, for each choice, what was not chosen; what a link leads to is always shown."""
    hidden = [
        f"#rnn-show-{document}:checked) {where}:not(:has(:target))"
        for document in DOCUMENTS
        for where in (
            f'.rnn-claims:not([data-document="{document}"])',
            f'section section:has(.rnn-claims):not(:has([data-document="{document}"]))',
        )
    ]
    hidden += [
        f"#rnn-show-{word}:checked) .rnn-claims tbody tr:not(.{word}, :target)" for word in SIGNS
    ]
    return "".join(f":root:has({rule}{{display:none}}\n" for rule in hidden)

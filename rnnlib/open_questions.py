"""Questions that are left open, with answers that are evaluated as they are printed."""

from typing import NamedTuple

from .equation_checks import Check, Finding, examine
from .equation_sources import Tried


class OpenQuestion(NamedTuple):
    """
    What a document leaves to its reader.

    Attributes
    ----------
    documents : str
        The numbers of the documents.
    asked : str
        What is left open.
    answer : str
        In LaTeX.
    check : Check
        How the answer is tried.
    places : tuple of str
        Labels of the exercise or section, and of the equation, where the book derives it.
    """

    documents: str
    asked: str
    answer: str
    check: Check
    places: tuple[str, ...]


class Answers(NamedTuple):
    """
    Open questions with their answers evaluated; a notebook shows them as a table.

    Attributes
    ----------
    questions : tuple of OpenQuestion
        What is left open.
    findings : tuple of Finding
        What came out when each answer was tried.
    """

    questions: tuple[OpenQuestion, ...]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"Answers to {len(self.questions)} questions"

    def _repr_markdown_(self) -> str:
        rows = [
            f"| {question.documents} | {question.asked} | ${question.answer}$ "
            f"| {Tried.error(finding)} | {', '.join(map(link_to, question.places))} |"
            for question, finding in zip(self.questions, self.findings, strict=True)
        ]
        head = "| document | left to you | answer | largest error | solved in |"
        return "\n".join([head, "|:--|:--|:--|:--|:--|", *rows])


def link_to(label: str) -> str:
    """
    Write a reference to a place of the book.

    Parameters
    ----------
    label : str
        Of an equation, an exercise or a section.

    Returns
    -------
    str
        In MyST.

    Examples
    --------
    >>> link_to("eq:state")
    '{eq}`eq:state`'
    """
    return f"{{eq}}`{label}`" if label.startswith("eq:") else f"{{ref}}`{label}`"


def answer_all(questions: tuple[OpenQuestion, ...]) -> Answers:
    """
    Evaluate the answers to open questions, at random sizes and values.

    Parameters
    ----------
    questions : tuple of OpenQuestion
        Such as those of the five documents.

    Returns
    -------
    Answers
        What came out.

    Raises
    ------
    ValueError
        If an answer cannot be evaluated.

    Examples
    --------
    >>> from rnnlib.document_questions import QUESTIONS
    >>> all(finding.holds for finding in answer_all(QUESTIONS[:2]).findings)
    True
    """
    return Answers(questions, tuple(examine(one.answer, one.check) for one in questions))

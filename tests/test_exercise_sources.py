"""The page of solutions leaves out no exercise, and answers all that the documents leave open."""

import re

import nbformat
import pytest

from chapters import NAMES, ROOT, cells, read
from latex import displayed
from rnnlib.document_questions import QUESTIONS
from rnnlib.equation_checks import examine
from rnnlib.exercise_sources import printed_exercises, solve_chapter
from rnnlib.open_questions import answer_all

BOOK = ROOT / "book"
FOUND = printed_exercises(BOOK)
PAGE = "book/solutions"


def labels_in(name):
    """List the exercises of a page in the plainest way."""
    text = "\n".join(cell.source for cell in cells(name, "markdown"))
    return re.findall(r"^:label: (exercise-[\w-]+)", text, re.MULTILINE)


def places():
    """List the labels that a reference may name."""
    text = "\n\n".join(cell.source for name in NAMES for cell in cells(name, "markdown"))
    return {
        *FOUND,
        *re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE),
        *(label for _, label in displayed(text)),
    }


def test_no_exercise_is_missing():
    assert list(FOUND) == [label for name in sorted(NAMES) for label in labels_in(name)]
    assert len(FOUND) > 35


@pytest.mark.parametrize("label", FOUND)
def test_an_exercise_has_hints_a_check_and_a_solution(label):
    exercise = FOUND[label]
    assert exercise.hints >= 2
    assert exercise.checks >= 1
    assert exercise.solutions


@pytest.mark.parametrize("label", FOUND)
def test_a_solution_is_the_code_of_the_chapter(label):
    exercise = FOUND[label]
    code = [cell.source for cell in cells(f"book/{exercise.chapter}", "code")]
    for solution in exercise.solutions:
        assert f"# Our solution\n{solution}" in code


def test_the_page_solves_every_chapter_with_exercises():
    solved = re.findall(
        r'solve_chapter\(BOOK, "(\w+)"\)', "\n".join(cell.source for cell in cells(PAGE, "code"))
    )
    assert solved == list(dict.fromkeys(exercise.chapter for exercise in FOUND.values()))


def test_the_headings_of_the_page_are_the_titles_of_the_chapters():
    headings = re.findall(
        r"^## (.+)$", "\n".join(cell.source for cell in cells(PAGE, "markdown")), re.MULTILINE
    )
    chapters = dict.fromkeys(exercise.chapter for exercise in FOUND.values())
    titles = [read(f"book/{chapter}").cells[0].source.splitlines()[0] for chapter in chapters]
    assert [f"# {heading}" for heading in headings] == [
        *titles,
        "# What the documents leave to you",
    ]


def test_a_solution_is_folded_and_linked():
    text = solve_chapter(BOOK, "06_bptt")._repr_markdown_()
    assert text.count("{dropdown}") == len(labels_in("book/06_bptt"))
    assert "{ref}`The message <exercise-message>`" in text
    assert "def message_to_step_before_solution" in text


def test_an_exercise_without_a_solution_is_refused(tmp_path):
    cell = nbformat.v4.new_markdown_cell("```{exercise} Alone\n:label: exercise-alone\n```")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "01_alone.ipynb")
    with pytest.raises(ValueError, match="got none of"):
        solve_chapter(tmp_path, "01_alone")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_an_answer_holds_and_a_slip_in_it_is_seen(question):
    assert examine(question.answer, question.check).holds
    for right, wrong in ((r"^\top", ""), ("t=0", "t=1"), ("k=0", "k=1"), ("- y_k", "+ y_k")):
        if right in question.answer:
            slip = question.answer.replace(right, wrong, 1)
            try:
                seen = not examine(slip, question.check).holds
            except ValueError:
                seen = True
            # In one dimension, a row of ones is its own transpose.
            assert seen or r"\mathbf 1^\top" in question.answer, slip


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_an_answer_leads_to_places_that_exist(question):
    assert question.places
    assert set(question.places) <= places()


def test_every_document_has_a_row():
    text = " ".join(question.documents for question in QUESTIONS)
    assert set(re.findall(r"\d{3}", text)) == {"000", "001", "002", "003", "004"}


def test_the_table_has_a_row_for_each_question():
    table = answer_all(QUESTIONS)._repr_markdown_().splitlines()
    assert len(table) == len(QUESTIONS) + 2
    assert all(row.count("|") == 6 for row in table)

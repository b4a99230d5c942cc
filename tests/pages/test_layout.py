"""A page fits the window, and nothing jumps while it loads."""


def test_a_page_is_not_wider_than_the_window(seen):
    assert seen.overflow <= 0


def test_nothing_jumps_while_the_page_loads(seen):
    assert seen.shift <= 0.1

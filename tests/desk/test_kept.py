from __future__ import annotations

from jinja2 import Environment

from desk.session.kept import KeptRows

_TABLE = """{% macro line(word) %}<b>{{ drawn(word) }}</b>{% endmacro %}
{%- for word in words %}{{ kept(line, loop.index, word) }}{% endfor %}"""


def test_a_row_is_drawn_again_only_when_what_it_shows_is_another_and_in_each_language_and_page_for_itself() -> None:
    drawn: list[str] = []
    rows, table = KeptRows(), Environment(autoescape=True).from_string(_TABLE)

    def page(words: list[str], place: str = "words", language: str = "zh") -> str:
        def draw(word: str) -> str:
            drawn.append(word)
            return language + word

        found: str = table.render(words=words, kept=rows.on(place, language), drawn=draw)
        return found

    assert page(["a", "<"]) == "<b>zha</b><b>zh&lt;</b>"
    assert (page(["a", "<"]), drawn) == ("<b>zha</b><b>zh&lt;</b>", ["a", "<"])
    assert (page(["a", "c"]), drawn) == ("<b>zha</b><b>zhc</b>", ["a", "<", "c"])
    assert page(["a", "c"], language="en") == "<b>ena</b><b>enc</b>"
    assert (page(["a", "c"], "others"), len(drawn)) == ("<b>zha</b><b>zhc</b>", 7)

from courseware.errors import Problem, text
from courseware.terminal.folding import folded


def wrong(number: int, kind: str = "", sentence: str = "“{title}” is late") -> Problem:
    return Problem(f"square-{number:02} 2026-11-25 19:42:10", text(sentence, title=number), kind)


def test_five_of_a_kind_are_all_shown() -> None:
    five = [wrong(number) for number in range(5)]
    assert folded(five) == tuple(five)


def test_of_six_of_a_kind_three_are_shown_and_the_others_counted_with_their_places() -> None:
    six = [wrong(number) for number in range(6)]
    assert folded(six)[:3] == tuple(six[:3])
    (rest,) = folded(six)[3:]
    assert str(rest.what) == "… 3 more of this kind (square-03、square-04、square-05); --all shows them"


def test_many_places_are_named_in_part_and_none_twice() -> None:
    some = [wrong(number // 2) for number in range(20)]
    assert "17 more of this kind (square-01、square-02、square-03、square-04 …)" in str(folded(some)[-1].what)


def test_what_differs_in_its_kind_or_in_a_sentence_within_the_sentence_is_told_apart() -> None:
    some = [wrong(number, kind) for number in range(4) for kind in ("a", "b")]
    assert sorted(map(str, folded(some))) == sorted(map(str, some))
    because = [Problem("x", text("empty: {why}", why=text(why))) for why in ("no video", "closed") for _ in range(4)]
    assert folded(because) == tuple(because)


def test_kinds_come_in_the_order_of_their_first() -> None:
    some = [wrong(1), wrong(2, sentence="“{title}” is early"), wrong(3)]
    assert folded(some) == (some[0], some[2], some[1])

"""Who says what."""

from courseware.speaking.turns import DialogueTurn, turns_of


def test_a_dialogue_is_taken_apart_at_its_labels() -> None:
    said = "甲：今年种什么？ / 乙：种香菇。\n每棚两千袋。\n甲: 好！"
    assert turns_of(said) == (
        DialogueTurn("今年种什么？", "甲"),
        DialogueTurn("种香菇。", "乙"),
        DialogueTurn("每棚两千袋。", "乙"),
        DialogueTurn("好！", "甲"),
    )


def test_a_plain_text_is_one_turn_and_keeps_its_colons_and_slashes() -> None:
    assert turns_of("注意：每亩1/2袋，氮/磷比1:2。") == (DialogueTurn("注意：每亩1/2袋，氮/磷比1:2。"),)
    assert turns_of(" … \n") == ()

from __future__ import annotations

from jieba import Tokenizer

from courseware import words as module
from courseware.words import word_spans, words_in

SENTENCES = ("葡萄冬剪要在落叶后进行", "每亩用水50公斤，早晚各喷一次。", "防治病虫害")


def test_words_are_cut_as_with_the_whole_dictionary_and_only_what_is_asked_about_is_read() -> None:
    module._dictionary.cache_clear()
    found = [words_in(sentence) for sentence in SENTENCES]
    ours = module._dictionary().tokenizer
    whole = Tokenizer()
    whole.FREQ, whole.total = whole.gen_pfdict(whole.get_dict_file())
    whole.initialized = True
    assert found == [whole.lcut(sentence) for sentence in SENTENCES]
    assert (ours.total, 1000 < len(ours.FREQ) < 20_000) == (whole.total, True)
    assert all(whole.FREQ[word] == count for word, count in ours.FREQ.items())


def test_the_spans_of_words_are_those_of_the_words() -> None:
    for sentence in SENTENCES:
        assert [sentence[start:end] for start, end in word_spans(sentence)] == words_in(sentence)

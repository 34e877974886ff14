"""Words → pinyin with its tones, as it is said."""

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.speaking.pronouncing import pinyin_of
from courseware.speaking.pronunciations import load_pronunciations, pronunciations_of
from courseware.speaking.sentences import read_sentence, refuse_unread, sentences_of, voiced
from courseware.speaking.sounds import sounds_of
from courseware.speaking.wording import worded


def read(written: str, folder: Path | None = None) -> str:
    return pinyin_of(read_sentence(written, pronunciations_of(folder)))


@pytest.mark.parametrize(
    ("written", "pinyin"),
    [
        # 一
        ("一个", "yí gè"),
        ("一天", "yì tiān"),
        ("一年", "yì nián"),
        ("一起", "yì qǐ"),
        ("一定", "yí dìng"),
        ("看一看", "kàn yi kàn"),
        ("第一，统一，万一", "dì yī， tǒng yī， wàn yī"),
        ("一月一号", "yī yuè yī hào"),
        ("十一点", "shí yī diǎn"),
        ("一百一十一", "yì bǎi yī shí yī"),
        ("一千，一万", "yì qiān， yí wàn"),
        ("十一万，三万一千", "shí yī wàn， sān wàn yì qiān"),
        ("1.1米", "yī diǎn yī mǐ"),
        ("高一点，一点儿，一点五，下午一点开会", "gāo yì diǎn， yì diǎnr， yī dián wǔ， xià wǔ yī diǎn kāi huì"),
        ("一比二百，三比一配，比一比", "yī bǐ èr bǎi， sān bǐ yī pèi， bǐ yi bǐ"),
        # 不
        ("不要不信", "bú yào bú xìn"),
        ("不行，不懂", "bù xíng， bù dǒng"),
        ("对不对", "duì bu duì"),
        # third tones
        ("你好", "ní hǎo"),
        ("雨伞", "yú sǎn"),
        ("展览馆", "zhán lán guǎn"),
        ("小老虎", "xiǎo láo hǔ"),
        ("洗脸水", "xí lián shuǐ"),
        ("每亩", "méi mǔ"),
        ("每户，每天", "měi hù， měi tiān"),
        # 儿化
        ("一会儿", "yí huìr"),
        ("玩儿", "wánr"),
        ("婴儿", "yīng ér"),
        ("这儿，一边儿", "zhèr， yì biānr"),
        # polyphones
        ("重茬种植", "chóng chá zhòng zhí"),
        ("三行，行间，不行", "sān háng， háng jiān， bù xíng"),
        ("种了三种种子", "zhòng le sān zhǒng zhǒng zi"),
        ("播种，间苗，间作", "bō zhǒng， jiàn miáo， jiàn zuò"),
        ("三只羊，只要", "sān zhī yáng， zhǐ yào"),
        ("均匀地撒在地里", "jūn yún de sǎ zài dì lǐ"),
        ("三米长，长出新叶", "sān mǐ cháng， zhǎng chū xīn yè"),
        ("为果树施肥，用量为5公斤", "wèi guǒ shù shī féi， yòng liàng wéi wǔ gōng jīn"),
        ("秸秆还田，还有", "jiē gǎn huán tián， hái yǒu"),
        ("结果期，结果很好", "jiē guǒ qī， jié guó hén hǎo"),
        ("薄膜，压蔓，猪圈", "bó mó， yā wàn， zhū juàn"),
        ("睡不着，找不着，着火了，看着", "shuì bù zháo， zhǎo bù zháo， zháo huǒ le， kàn zhe"),
        ("还得看，也得防，得先问，你得去", "hái děi kàn， yé děi fáng， děi xiān wèn， ní děi qù"),
        ("长得好，得了病，也得到了，觉得重要", "zhǎng de hǎo， dé le bìng， yě dé dào le， jué de zhòng yào"),
        ("还钱，按时还，归还，还要，还清楚", "huán qián， àn shí huán， guī huán， hái yào， hái qīng chǔ"),
        ("叶片长五厘米，长约两米，长三片叶", "yè piàn cháng wǔ lí mǐ， cháng yuē liáng mǐ， zhǎng sān piàn yè"),
        ("全长，长枝，长势，生长约十天", "quán cháng， cháng zhī， zhǎng shì， shēng zhǎng yuē shí tiān"),
        ("一行行，单行，行与行，运行", "yì háng háng， dān háng， háng yǔ háng， yùn xíng"),
        ("以玉米为主，株距为宽行，为宜", "yǐ yù mǐ wéi zhǔ， zhū jù wéi kuān háng， wéi yí"),
        ("一只只，三只", "yì zhī zhī， sān zhī"),
        ("散发传单，果树结果实，切成块", "sàn fā chuán dān， guǒ shù jiē guǒ shí， qiē chéng kuài"),
        ("铺地膜，店铺，子房，种子", "pū dì mó， diàn pù， zǐ fáng， zhǒng zi"),
        ("任河，马尾松，玄参", "rén hé， má wěi sōng， xuán shēn"),
        ("处暑，处理，银行，畜牧", "chú shǔ， chú lǐ， yín háng， xù mù"),
        # foreign
        ("LED屏和WiFi", "L E D píng hé wài fài"),
    ],
)
def test_a_text_is_read_with_the_right_tones(written: str, pinyin: str) -> None:
    assert read(written) == pinyin


def test_a_workspace_adds_words_of_its_own(tmp_path: Path) -> None:
    assert read("勉县", tmp_path) == "miǎn xiàn"
    (tmp_path / "读音.txt").write_text(
        "# 地名\n勉县 miǎn xian4\n石泉 shí quán\n朝阳 zhao1 yáng\n朝阳沟 cháo yáng gōu\n", "utf-8"
    )
    assert read("朝阳，朝阳沟", tmp_path) == "zhāo yáng， cháo yáng gōu"
    assert read("重茬", tmp_path) == "chóng chá", "ours stay"


def test_all_that_is_wrong_with_a_list_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "读音.txt"
    path.write_text("重茬\n重茬 chong2 chax2\n重茬 chóng\n", "utf-8")
    with pytest.raises(InputError) as error:
        load_pronunciations(path)
    assert [str(problem.what).split(":")[0] for problem in error.value.problems] == ["line 1", "line 2", "line 3"]
    assert "“chax2” is no syllable" in str(error.value)


@pytest.mark.parametrize(
    ("syllable", "sounds"),
    [("tian2", "tʰjɛ↗n"), ("zhi1", "ꭧɨ→"), ("lv4", "ly↘"), ("yuan2", "ɥɛ↗n"), ("de5", "tɤ"), ("er2", "ɚ↗"),
     ("xiong2", "ɕjʊ↗ŋ"), ("bo1", "pwo→"), ("wo3", "wo↓"), ("huar1", "xwa→ɚ"), ("xyz1", None), ("ma6", None)],
)  # fmt: skip
def test_a_syllable_has_the_sounds_that_the_voice_was_taught(syllable: str, sounds: str | None) -> None:
    assert sounds_of(syllable) == sounds


def test_a_sentence_is_sounds_with_words_apart_and_marks_at_their_words() -> None:
    words = read_sentence("“LED屏”坏了，怎么办？", pronunciations_of(None))
    assert voiced(words) == "“ˈɛl ˈi dˈi pʰi↗ŋ” xwai↘ lɤ, ʦə↓nmɤpa↘n?"
    foreign = read_sentence("用Microsoft的。", pronunciations_of(None))
    assert voiced(foreign) == "jʊ↘ŋ mˈIkɹəsˌɑft tɤ."


def test_a_paragraph_is_parted_at_its_sentences_and_a_long_one_at_its_clauses() -> None:
    assert sentences_of("先剪病枝。“好吗？”再剪弱枝！……") == ("先剪病枝。", "“好吗？", "再剪弱枝！")
    long = "，".join(["先剪去病枝和枯枝再剪去交叉枝"] * 12) + "。"
    parts = sentences_of(long)
    assert "".join(parts) == long
    assert max(map(len, parts)) <= 90


def test_what_nobody_knows_how_to_read_is_told_and_never_passed_over() -> None:
    with pytest.raises(InputError) as caught:
        refuse_unread(read_sentence(written, {}) for written in ("㐂事", "のя，是"))
    assert [problem.where for problem in caught.value.problems] == ["㐂", "の", "я"]
    refuse_unread([read_sentence("吃碗𰻞面，用 LED 灯，café，Ａ级🦄", {})])
    assert not any(word.is_unread for word in read_sentence("㐂事", {"㐂": ("xi3",)}))


def test_wide_letters_and_accents_are_read_as_the_plain_letters() -> None:
    assert voiced(read_sentence("Ａ级", {})) == voiced(read_sentence("A级", {}))
    assert worded("café") == "cafe"

"""A folder is told to be a whole model of a known kind before a library sees it: they end the program at others."""

from pathlib import Path

import numpy as np
import pytest

from courseware.errors import InputError
from courseware.speech.speech_models import SherpaFolder, WhisperFolder, speech_model
from tests.courseware.speech import onnx_files as onnx
from tests.courseware.speech.onnx_files import TOKENS, make_folder, model

PARTS = {
    "encoder-epoch-99-avg-1.onnx": model(onnx.ZIPFORMER),
    "decoder-epoch-99-avg-1.onnx": model(onnx.PREDICTOR, ("y",)),
    "joiner-epoch-99-avg-1.onnx": model({}),
    "tokens.txt": TOKENS,
}
WHISPER = {
    "tiny-encoder.int8.onnx": model(onnx.WHISPER, ("mel",)),
    "tiny-decoder.int8.onnx": model({}, ("tokens", "k", "v", "ck", "cv", "offset")),
    "tiny-tokens.txt": b"IQ== 0\nIg== 1\n",
}
CTRANSLATE2 = dict.fromkeys(("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"), b"")


def single(facts: dict[str, str], inputs: int = 2, tokens: bytes = TOKENS) -> dict[str, bytes]:
    return {"model.int8.onnx": model(facts, [f"x{number}" for number in range(inputs)]), "tokens.txt": tokens}


@pytest.mark.parametrize(
    ("facts", "inputs", "maker", "argument"),
    [
        (onnx.SENSE_VOICE, 4, "from_sense_voice", "model"),
        (onnx.PARAFORMER, 2, "from_paraformer", "paraformer"),
        (onnx.ZIPFORMER_CTC, 2, "from_zipformer_ctc", "model"),
        (onnx.WENET, 2, "from_wenet_ctc", "model"),
        (onnx.TELESPEECH, 1, "from_telespeech_ctc", "model"),
    ],
)
def test_a_model_in_one_file_is_told_by_what_the_file_says(
    tmp_path: Path, facts: dict[str, str], inputs: int, maker: str, argument: str
) -> None:
    found = speech_model(make_folder(tmp_path / "m", single(facts, inputs)))
    assert isinstance(found, SherpaFolder)
    assert found.maker == maker
    assert found.files == {"tokens": "tokens.txt", argument: "model.int8.onnx"}


def test_a_transducer_is_told_by_its_three_parts_and_the_quantised_ones_are_taken(tmp_path: Path) -> None:
    quantised = {name.replace(".onnx", ".int8.onnx"): content for name, content in PARTS.items()}
    found = speech_model(make_folder(tmp_path / "m", PARTS | quantised))
    assert isinstance(found, SherpaFolder)
    assert found.maker == "from_transducer"
    assert found.files["joiner"] == "joiner-epoch-99-avg-1.int8.onnx"


def test_whisper_for_sherpa_has_its_size_in_the_names_and_may_hear_any_language(tmp_path: Path) -> None:
    found = speech_model(make_folder(tmp_path / "m", WHISPER))
    assert isinstance(found, SherpaFolder)
    assert found.maker == "from_whisper"
    assert found.files["tokens"] == "tiny-tokens.txt"
    assert found.options == {"language": ""}


def test_a_model_for_faster_whisper_has_a_model_bin(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "m", CTRANSLATE2)
    assert speech_model(folder) == WhisperFolder(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "vocabulary.txt"])
def test_nothing_that_faster_whisper_would_fetch_may_be_missing(tmp_path: Path, name: str) -> None:
    folder = make_folder(tmp_path / "m", CTRANSLATE2)
    (folder / name).unlink()
    with pytest.raises(InputError, match=r"is missing in this speech model"):
        speech_model(folder)


def test_a_model_for_voice_activity_beside_it_is_not_mistaken_for_the_model(tmp_path: Path) -> None:
    files = {**single(onnx.PARAFORMER), "a-vad.int8.onnx": model({}, ("x", "h", "c"))}
    found = speech_model(make_folder(tmp_path / "m", files))
    assert isinstance(found, SherpaFolder)
    assert found.files["paraformer"] == "model.int8.onnx"


def test_weights_that_old_files_list_as_inputs_are_no_states(tmp_path: Path) -> None:
    weights = [onnx.weight(name, np.zeros(3, np.float32)) for name in ("a", "b")]
    content = model(onnx.ZIPFORMER_CTC, ("x", "x_lens", "a", "b"), weights=weights)
    found = speech_model(make_folder(tmp_path / "m", {"model.onnx": content, "tokens.txt": TOKENS}))
    assert isinstance(found, SherpaFolder)


@pytest.mark.parametrize(
    "files",
    [
        {"model.onnx": model(onnx.ZIPFORMER | {"decode_chunk_len": "32"}), "tokens.txt": TOKENS},
        PARTS | {"encoder-epoch-99-avg-1.onnx": model(onnx.ZIPFORMER | {"decode_chunk_len": "32"})},
        PARTS | {"encoder-epoch-99-avg-1.onnx": model({"model_type": "lstm"}, ("x", "h", "c"))},
        {"encoder.onnx": model(onnx.PARAFORMER), "decoder.onnx": model({}), "tokens.txt": TOKENS},
    ],
    ids=["ctc", "transducer", "states", "paraformer"],
)
def test_models_for_live_speech_are_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match="streaming"):
        speech_model(make_folder(tmp_path / "m", files))


@pytest.mark.parametrize("part", ["encoder", "decoder"])
@pytest.mark.parametrize("files", [PARTS, WHISPER], ids=["transducer", "whisper"])
def test_a_missing_part_is_named(tmp_path: Path, files: dict[str, bytes], part: str) -> None:
    kept = {name: content for name, content in files.items() if part not in name}
    with pytest.raises(InputError, match=rf"{part}\.onnx is missing"):
        speech_model(make_folder(tmp_path / "m", kept))


def test_a_missing_tokens_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tokens\.txt is missing"):
        speech_model(make_folder(tmp_path / "m", {"model.onnx": model(onnx.PARAFORMER)}))


@pytest.mark.parametrize("missing", ["neg_mean", "lfr_window_size", "lang_zh"])
def test_a_fact_at_whose_absence_the_library_would_end_the_program_is_asked_for(tmp_path: Path, missing: str) -> None:
    facts = {key: value for key, value in onnx.SENSE_VOICE.items() if key != missing}
    with pytest.raises(InputError, match=f"{missing} is not written in this file"):
        speech_model(make_folder(tmp_path / "m", single(facts, 4)))


def test_a_model_that_does_not_say_its_kind_or_one_that_is_unknown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="published for sherpa-onnx"):
        speech_model(make_folder(tmp_path / "a", single({})))
    with pytest.raises(InputError, match="“tdnn” are not supported"):
        speech_model(make_folder(tmp_path / "b", single({"model_type": "tdnn"})))
    with pytest.raises(InputError, match="“FunASR-Nano” are not supported"):
        speech_model(make_folder(tmp_path / "c", {"llm.int8.onnx": b"", "embedding.int8.onnx": b""}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>404</html>",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n",
        model(onnx.PARAFORMER)[:40],
        model(onnx.PARAFORMER)[:-3],
        b"\xff" * 400,
    ],
    ids=["empty", "page", "pointer", "part", "most", "junk"],
)
def test_a_damaged_model_is_named_as_the_file_to_download_again(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"model\.onnx: .*download it again"):
        speech_model(make_folder(tmp_path / "m", {"model.onnx": content, "tokens.txt": TOKENS}))


@pytest.mark.parametrize(
    "tokens",
    [
        b"",
        TOKENS.decode().encode("gb18030"),
        b"\x00\x01\x02",
        b"<blk>\n<s>\n",
        b"<s> 0\n</s> 1\n<unk> 2\nx 3\n",
        b"<blk> 0\n",
    ],
    ids=["empty", "encoding", "junk", "no numbers", "no blank", "too few"],
)
def test_a_damaged_tokens_file_is_named_as_the_file_to_download_again(tmp_path: Path, tokens: bytes) -> None:
    files = single(onnx.ZIPFORMER_CTC) | {"tokens.txt": tokens}
    with pytest.raises(InputError, match=r"tokens\.txt: .*download it again"):
        speech_model(make_folder(tmp_path / "m", files))


def test_the_tokens_of_another_model_are_no_tokens_of_whisper(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tiny-tokens\.txt: .*download it again"):
        speech_model(make_folder(tmp_path / "m", WHISPER | {"tiny-tokens.txt": TOKENS}))


def test_a_folder_around_the_model_is_told_which_one_to_name(tmp_path: Path) -> None:
    make_folder(tmp_path / "m" / "sense-voice", single(onnx.SENSE_VOICE, 4))
    with pytest.raises(InputError, match="in the folder sense-voice inside"):
        speech_model(tmp_path / "m")


def test_a_folder_without_a_model_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"model\.bin"):
        speech_model(make_folder(tmp_path / "a", {"ggml-tiny.bin": b""}))
    with pytest.raises(InputError, match="no such folder"):
        speech_model(tmp_path / "none")

"""What is learnt of a voice does not depend on how the recording is taken apart, and no sound fits everything."""

import numpy as np
import pytest

from courseware.speech.activity import activity
from courseware.speech.heard import SHARPNESS, TUNE, HeardSpeech, hear
from courseware.speech.models import FEATURES, Models, estimate, evidence, features_of, standard_of
from courseware.speech.reading import CHINESE, read_out
from courseware.speech.sound import sound_of
from tests.courseware.align.narration import samples, truth


@pytest.fixture(scope="module")
def heard() -> HeardSpeech:
    sound = sound_of([samples("check-quality")])
    return hear(sound, read_out([cue.text for cue in truth("check-quality")], CHINESE), activity(sound.bands))


def test_no_sound_fits_all_voices_better_than_speech_in_general_does(heard: HeardSpeech) -> None:
    voiced = (heard.voice > 0) & (heard.tune < TUNE / 2)
    features = heard.standard.of(heard.features[voiced])
    plain = evidence(features, heard.prior, SHARPNESS).mean(axis=0)
    fair = evidence(features, heard.fair(heard.prior), SHARPNESS).mean(axis=0)
    assert plain.max() > 0.2
    assert fair.max() < 1e-4
    assert (fair[plain < 0] == plain[plain < 0]).all()


def test_models_learnt_block_by_block_are_those_learnt_at_once(
    heard: HeardSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    spoken = rng.random(len(heard.features)) < 0.5
    rows = rng.integers(1, len(heard.prior.mean), len(spoken)).astype(np.int32)
    whole = estimate(heard.standard.of(heard.features[spoken]), rows[spoken], len(heard.prior.mean), heard.prior)
    monkeypatch.setattr("courseware.speech.heard._BLOCK", 77)
    parts = heard.learnt(spoken, rows)
    assert np.allclose(whole.mean, parts.mean, atol=1e-4)
    assert np.allclose(whole.variance, parts.variance, atol=1e-4)


def test_features_of_a_long_recording_are_those_of_a_short_one(
    heard: HeardSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    bands = sound_of([samples("check-quality")]).bands
    noise = np.zeros(bands.shape[1], np.float32)
    whole = features_of(bands, noise)
    weight = heard.voice
    usual = standard_of(whole, np.maximum(weight, 0)).of(whole)
    monkeypatch.setattr("courseware.speech.models._BLOCK", 100)
    assert np.allclose(features_of(bands, noise), whole, atol=1e-4)
    assert np.allclose(standard_of(whole, np.maximum(weight, 0)).of(whole), usual, atol=1e-4)


def test_with_little_to_learn_from_models_stay_what_they_were() -> None:
    before = Models(np.full((2, FEATURES), 3, np.float32), np.ones((2, FEATURES), np.float32))
    features = np.zeros((1_000, FEATURES), np.float32)
    few = estimate(features[:1], np.array([1], np.int32), 2, before)
    many = estimate(features, np.ones(1_000, np.int32), 2, before)
    assert few.mean[1, 0] > 2.5
    assert many.mean[1, 0] < 0.1
    assert few.mean[0, 0] == 3

"""A recording and a script made ready to be compared: how well each moment of one fits each sound of the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from courseware.speech.activity import loudness, noise_of, tunes
from courseware.speech.models import STEP, FeatureScale, Learner, Models, estimate, evidence, features_of, standard_of
from courseware.speech.sound import HOP_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.reading import ReadScript
    from courseware.speech.sound import Floats, Sound

    Bools = NDArray[np.bool_]

STEP_MS = STEP * HOP_MS
SHARPNESS = 0.12  # neighbouring steps say nearly the same, so each may count for a part only
VOICE = 1.5  # how much voice activity counts beside the sounds
TUNE = 1.5  # how much surely hearing music speaks against sounds
LEAST = 10  # steps from which something can be learnt
_SOME = 10_000  # steps that tell what fits all
_BLOCK = 20_000  # steps that are compared at once: of hours, what is in between would fill the memory


@dataclass(frozen=True, slots=True)
class HeardSpeech:
    """The recording and the script, ready to be compared.

    Attributes:
        features: steps × features, as measured.
        standard: what is taken from them, and by what they are divided, before they are compared.
        voice: weighted voice activity a step.
        tune: what is taken from every sound in it, since it is music.
        prior: the synthesiser's own models.
        rows: row of each sound and part.
    """

    features: Floats
    standard: FeatureScale
    voice: Floats
    tune: Floats
    reading: ReadScript
    prior: Models
    rows: Mapping[tuple[str, int], int]

    def fits(self, models: Models, first: int, last: int) -> Floats:
        """How well the steps from `first` to `last` fit each row."""
        import numpy as np

        last = min(last, len(self.features))
        fits = np.empty((last - first, len(models.mean)), np.float32)
        for at in range(first, last, _BLOCK):
            block = slice(at, min(last, at + _BLOCK))
            here = evidence(self.standard.of(self.features[block]), models, SHARPNESS)
            here[:, 1:] -= self.tune[block, None]
            fits[block.start - first : block.stop - first] = here
        return fits

    def fair(self, models: Models) -> Models:
        """The same models, but none fits voices of all sounds better than speech in general does.

        A sound of which little is known fits everything a little: it would take the place of all others.
        """
        import numpy as np

        voiced = np.flatnonzero((self.voice > 0) & (self.tune < TUNE / 2))
        if len(voiced) < LEAST:
            return models
        some = voiced[:: -(-len(voiced) // _SOME)]
        plain = replace(models, excess=None)
        usual = evidence(self.standard.of(self.features[some]), plain, SHARPNESS).mean(axis=0)
        return replace(models, excess=np.maximum(0, usual))

    def measured_by(self, spoken: Bools) -> HeardSpeech:
        """The same, with mean and spread of the features taken from the steps that are the script."""
        import numpy as np

        return replace(self, standard=standard_of(self.features, spoken.astype(np.float32)))

    def learnt(self, spoken: Bools, rows: NDArray[np.int32]) -> Models:
        """Models from the steps that are spoken; `rows` has one row for each step."""
        learner = Learner(len(self.prior.mean))
        for first in range(0, len(spoken), _BLOCK):
            block = slice(first, first + _BLOCK)
            here = spoken[block]
            learner.add(self.standard.of(self.features[block][here]), rows[block][here])
        return learner.models(self.prior)


def hear(sound: Sound, reading: ReadScript, active: Floats) -> HeardSpeech:
    """Make both ready.

    Args:
        active: how sure it is that a frame is voice.
    """
    import numpy as np

    noise = noise_of(sound.bands)
    voice, tune = _by_step(active), _by_step(tunes(sound.steady, active))
    voiced = (voice > 0) & (tune < 1 / 2)
    voiced = voiced if voiced.sum() >= LEAST else voice >= np.median(voice)
    features = features_of(sound.bands, noise)
    standard = standard_of(features, voiced.astype(np.float32))
    rows = {name: number for number, name in enumerate(reading.names, 1)}
    for unit in reading.units:
        for sound_name in unit.sounds:
            # A sound too short for a frame of its own is taken for its other half, or for any.
            rows.setdefault((sound_name, 0), rows.get((sound_name, 1), 1))
            rows.setdefault((sound_name, 1), rows[sound_name, 0])
    prior = _prior_of(reading, _level_of(sound, active), noise)
    return HeardSpeech(features, standard, voice * np.float32(VOICE), tune * np.float32(TUNE), reading, prior, rows)


def _by_step(frames: Floats) -> Floats:
    """The mean of the frames of each step."""
    steps = len(frames) // STEP
    return cast("Floats", frames[: steps * STEP].reshape(steps, STEP).mean(axis=1))


def _level_of(sound: Sound, active: Floats) -> float:
    """How loud the voice is."""
    import numpy as np

    level = loudness(sound.bands)
    return float(np.percentile(level[active > 0] if (active > 0).any() else level, 70))


def _prior_of(reading: ReadScript, level: float, noise: Floats) -> Models:
    """Models of the synthesiser's voice, as loud as the speaker's and in the same noise."""
    import numpy as np

    spoken = reading.labels >= 0
    gain = level - np.percentile(loudness(reading.bands)[spoken], 70)
    features = features_of(reading.bands + np.float32(gain), noise)
    labels = reading.labels[: len(features) * STEP : STEP]
    known = labels >= 0
    standard = standard_of(features, known.astype(np.float32))
    return estimate(standard.of(features[known]), labels[known] + 1, len(reading.names) + 1, None)

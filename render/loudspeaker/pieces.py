"""What a broadcast is made of, as loud as a loudspeaker wants it: lessons, recordings, notices that are read out."""

from __future__ import annotations

from pathlib import Path

from render.sound.levelled import Kitchen, LevelledSound, Raw, Sized, levelled
from render.sound.levels import Aim
from render.work.ffmpeg import run
from render.work.wav import writing_wav

# GY/T 377-2023: -15 LKFS where listeners stand in noise, at most -1 dBTP; one more is left to the MP3 coder.
LOUDNESS_LKFS = -15
CEILING_DBTP = -1
_PIECE = Aim(LOUDNESS_LKFS, CEILING_DBTP - 1)
_FOLLOWED_LU = 1.0


def prepare(kitchen: Kitchen, raw: Raw, label: str) -> LevelledSound:
    """Make a piece; arguments and errors as of levelled."""
    return levelled(kitchen, raw, label, _PIECE)


def softened(kitchen: Kitchen, chime: Sized, piece: LevelledSound) -> Sized:
    """A chime no louder than a piece that stayed soft: nobody is to be startled by it."""
    import ffmpeg

    under = LOUDNESS_LKFS - piece.lkfs
    if under < _FOLLOWED_LU:
        return chime
    softer = kitchen.folder / f"softer-{Path(chime.file).name}"
    heard = ffmpeg.input(f"file:{Path(chime.file).absolute()}").audio.filter("volume", volume=f"{-under:.2f}dB")
    output = heard.output(softer.name, **{"c:a": "pcm_s16le", "map_metadata": -1, "loglevel": "warning"})
    run(kitchen.tool, output.overwrite_output().get_args(), kitchen.folder, stop=kitchen.stop)
    return Sized(chime.name, chime.samples, str(softer))


def read_out(kitchen: Kitchen, name: str, words: str, label: str) -> Raw:
    """A text in the computer's Mandarin voice, slow enough to be followed outdoors."""
    from courseware.speech.voice import voice

    with voice() as speaker:
        speech = speaker.say(words, "cmn")
    spoken = kitchen.folder / f"{label}-voice.wav"
    with writing_wav(spoken, 1, speech.rate) as out:
        out.writeframes(speech.samples.astype("<i2").tobytes())
    return Raw(name, spoken)

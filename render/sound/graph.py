"""Builds the filter graphs of a lesson's sound with ffmpeg-python. Starts nothing and decides no level."""

from __future__ import annotations

from render.plan.picture import Stream
from render.sound.mends import CURVE, Balance, Mends

# Of what may go wrong between time stamps and samples: up to 5 ms is rounding; up to 20 ms is caught up by playing at
# most 1 % faster or slower; beyond, silence is put in or sound is left out at once.
_STEADY = {"min_comp": 0.005, "min_hard_comp": 0.02, "comp_duration": 1, "max_soft_comp": 0.01}
_PANS: dict[Balance, str] = {
    "left": "stereo|c0=c0|c1=c0",
    "right": "stereo|c0=c1|c1=c1",
    "opposed": "stereo|c0=c0|c1=-1*c1",
}
_PEAK_RATE = 192_000  # four times over, as BS.1770 measures true peaks
_ATTACK_MS, _RELEASE_MS = 2, 40
NOISE_SAMPLES = 48_000  # of a recording's own noise, from which the cleaner learns
_DELAY = 1200  # samples by which the cleaner's output is late at 48 kHz
_LESS_NOISE_DB = 20
SPEECH_KEY_LKFS = -20.0  # what the ducking of music is tuned to
_FADE_S = 3.0
_STEADY_HZ = 15  # what is slower is no sound


def steady(stream: Stream, rate: int) -> Stream:
    """Any sound as gapless stereo from 0 on, in step with its time stamps: one ear becomes two, five become two."""
    even = stream.filter("aresample", sample_rate=rate, **{"async": 1, "first_pts": 0, "flags": "+res", **_STEADY})
    return even.filter("aformat", sample_fmts="fltp", sample_rates=rate, channel_layouts="stereo")


def balanced(stream: Stream, balance: Balance) -> Stream:
    """Both ears hear what one side has; sides of opposite phase no longer cancel each other."""
    return stream.filter("pan", args=_PANS[balance]) if balance in _PANS else stream


def mended(stream: Stream, mends: Mends, rate: int) -> Stream:
    """What `mends` says; nothing at all is done to a recording in order. The curve lies where ffmpeg runs."""
    import ffmpeg

    if any(mends.offset):
        left, right = mends.offset
        centred = stream.filter("aeval", exprs=f"val(0)-({left})|val(1)-({right})", channel_layout="same")
        stream = centred.filter("highpass", frequency=_STEADY_HZ)
    if mends.lift_db:
        stream = gained(stream, mends.lift_db)
    if not mends.curved:
        return balanced(stream, mends.balance)
    curve = ffmpeg.input(CURVE).audio.filter("aresample", sample_rate=rate)
    shape = {"sample_fmts": "fltp", "sample_rates": rate, "channel_layouts": "4.0"}
    curve = curve.filter("pan", args="4.0|c0=c0|c1=c1|c2=c2|c3=c3").filter("aformat", **shape)
    four = stream.filter("pan", args="4.0|c0=c0|c1=c1|c2=c0|c3=c1").filter("aformat", **shape)
    mixed = ffmpeg.filter([four, curve], "amultiply")
    return mixed.filter("pan", args="stereo|c0=c0+c1|c1=c2+c3")


def sides(stream: Stream, file: str) -> Stream:
    """Left, right, their mean and half their difference, metered each half second into `file`; coarse, but cheap."""
    four = "4c|c0=c0|c1=c1|c2=0.5*c0+0.5*c1|c3=0.5*c0-0.5*c1"
    each = {"metadata": 1, "reset": 1, "measure_overall": "none"}
    rough = stream.filter("aresample", sample_rate=8000).filter("asetnsamples", nb_out_samples=4000, pad=0)
    offset = rough.filter("astats", measure_perchannel="DC_offset", **each).filter("highpass", frequency=20)
    strong = offset.filter("pan", args=four).filter("astats", measure_perchannel="RMS_level", **each)
    return strong.filter("ametadata", mode="print", file=file)


def gained(stream: Stream, gain_db: float) -> Stream:
    """Louder or softer, nothing else."""
    return stream.filter("volume", volume=f"{gain_db:.2f}dB")


def limited(stream: Stream, ceiling_dbtp: float, rate: int) -> Stream:
    """No true peak above the ceiling; what is below it stays as it is, and where it is."""
    wide = stream.filter("aresample", sample_rate=_PEAK_RATE)
    limit = f"{10 ** (ceiling_dbtp / 20):.6f}"
    held = wide.filter("alimiter", limit=limit, attack=_ATTACK_MS, release=_RELEASE_MS, level=0, latency=1)
    return held.filter("aresample", sample_rate=rate)


def counted(stream: Stream) -> Stream:
    """Time counted anew, in samples: joining counts in microseconds, which would add up to a sample too few."""
    return stream.filter("asettb", expr="1/sr").filter("asetpts", expr="N")


def lasting(stream: Stream, samples: int) -> Stream:
    """Exactly so many samples: cut, or filled with silence."""
    return counted(stream).filter("atrim", end_sample=samples).filter("apad", whole_len=samples)


def cleaned(stream: Stream, noise: Stream, noise_dbfs: float) -> Stream:
    """Without hum and hiss, of which `noise` is a second of the same recording's; in step with what came in.

    The filter hears the noise alone first, learns it, and takes it out of the rest; nothing of that second remains.
    """
    import ffmpeg

    # A little more than measured: noise that is sometimes louder than in the pause is caught, too.
    floor = min(-20.0, max(-80.0, noise_dbfs + 1))
    both = ffmpeg.concat(noise, stream.filter("apad", pad_len=2 * _DELAY), v=0, a=1)
    told = both.filter("asendcmd", commands="0.1 afftdn sample_noise start; 0.9 afftdn sample_noise stop")
    clear = told.filter("highpass", frequency=70).filter(
        "afftdn", noise_reduction=_LESS_NOISE_DB, noise_floor=f"{floor:.1f}"
    )
    return counted(clear).filter("atrim", start_sample=NOISE_SAMPLES + _DELAY)


def bed(music: Stream, speech: Stream | None, samples: int, rate: int) -> Stream:
    """Music for so many samples, faded in and out; softer while there is speech.

    Args:
        music: at the loudness it has in pauses.
        speech: brought to SPEECH_KEY_LKFS; it only steers, it is not in the result.
    """
    length = samples / rate
    fade = min(_FADE_S, length / 4)
    even = lasting(music, samples).filter("afade", type="in", duration=f"{fade:.3f}")
    even = even.filter("afade", type="out", start_time=f"{length - fade:.3f}", duration=f"{fade:.3f}")
    if speech is None:
        return even
    import ffmpeg

    # A gentle slope from far below: loud words push the music some 10 dB down, soft ones 6, a breath nothing.
    steering = {"threshold": 0.005, "ratio": 1.6, "attack": 30, "release": 900, "detection": "rms", "link": "maximum"}
    return ffmpeg.filter([even, speech], "sidechaincompress", **steering)


def together(first: Stream, second: Stream) -> Stream:
    """Both at once, neither made softer; as long as the first."""
    import ffmpeg

    return ffmpeg.filter([first, second], "amix", inputs=2, duration="first", normalize=0)

"""Small finished videos as the checks expect them, and ones with a fault; made by ffmpeg, not by our renderer."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import run_ffmpeg

PROFILE = "led-96x64"
SECONDS = 3


def finished(
    path: Path,
    *,
    seconds: float = SECONDS,
    video: str = "null",
    audio: str = "anull",
    options: tuple[str, ...] = ("-movflags", "+faststart"),
) -> Path:
    """A moving picture of 96 × 64 with a tone at -15 LKFS; `video` and `audio` are filters over it."""
    run_ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size=96x64:rate=25:duration={seconds},{video}"),
        *("-f", "lavfi", "-i", f"sine=frequency=1000:sample_rate=48000:duration={seconds},volume=6dB,{audio}"),
        *(
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-threads",
            "1",
            "-level",
            "3.0",
            "-pix_fmt",
            "yuv420p",
            "-g",
            "50",
        ),
        *("-c:a", "aac", "-ac", "2", "-ar", "48000", *options, str(path)),
    )
    return path


def picture_only(path: Path, *, frames: int = 75, video: str = "null", size: str = "96x64") -> Path:
    """A chunk as the engine stores it: no sound."""
    source = f"testsrc2=size={size}:rate=25,{video}"
    run_ffmpeg(
        *("-f", "lavfi", "-i", source, "-frames:v", str(frames), "-an"),
        *("-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p", "-g", "25", str(path)),
    )
    return path

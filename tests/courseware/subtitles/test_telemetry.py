"""What is written beside pictures by machines is no subtitles; what people read is, however it looks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.subtitles import LARGEST_FILE, NoSubtitlesError, load_cues, load_shown, load_subtitles

MAKERS: dict[str, Callable[[int], str]] = {
    "DJI, new": lambda at: (
        f'<font size="28">FrameCnt: {at}, DiffTime: 33ms\n2026-11-03 08:15:22.{at:03}\n[iso: 100] [shutter: 1/640.0] '
        f"[fnum: 2.8] [ev: 0] [latitude: 32.68{at}] [longitude: 109.02{at}] [rel_alt: 60.{at} abs_alt: 320.1]</font>"
    ),
    "DJI, old": lambda at: (
        f"HOME(149.0251,-20.2532) 2017.08.05 14:11:{at % 60:02}\nGPS(149.02{at},-20.2533,16) BAROMETER:1.{at}\n"
        "ISO:100 Shutter:60 EV: Fnum:2.2"
    ),
    "DJI, in the middle": lambda at: (
        f"F/2.8, SS 206.14, ISO 150, EV 0, GPS (-122.36{at}, 37.5929, 15), D 224.{at}m, H 33.00m, H.S 15.22m/s"
    ),
    "Autel": lambda at: (
        f"HOME(W: 122.160000, N: 47.700000) 2020-05-01 10:00:{at % 60:02}\nGPS(W: 122.16{at}, N: 47.70, 25.4m)\n"
        f"ISO:100 SHUTTER:1000 EV:0.0 F-NUM:2.8\nF.PRY (0.{at}°, 1.0°, -3.0°), G.PRY (0.0°, 1.0°, -3.0°)"
    ),
    "Parrot": lambda at: f"lat: 48.87{at} lon: 2.36{at} alt: 12.{at} speed: 3.2",
    "GoPro": lambda at: f"GPS5 48.87{at} 2.36{at} 12.3\nACCL 9.{at} 0.1 0.2",
    "dashcam": lambda at: f"2023/01/02 10:00:{at % 60:02} N:31.12{at} E:121.12{at} {at} km/h",
    "dashcam, in Chinese": lambda at: f"北纬:31.12{at} 东经:121.12{at} 海拔:12 速度:{at}",
    "dashcam, NMEA": lambda at: f"$GPRMC,0815{at},A,3241.0{at},N,10901.7,E,12.{at}\n$GPGGA,0815{at},3241.0{at},N",
    "clock": lambda at: f"2023-01-02 10:00:{at % 60:02}",
}


def written(folder: Path, said: Callable[[int], str], count: int, step_ms: int) -> Path:
    def clock(ms: int) -> str:
        return f"00:{ms // 60_000:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    path = folder / "DJI_0002.srt"
    blocks = (f"{n + 1}\n{clock(n * step_ms)} --> {clock((n + 1) * step_ms)}\n{said(n)}\n" for n in range(count))
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


@pytest.mark.parametrize("maker", MAKERS)
def test_a_camera_s_record_is_left_out_and_said_once(tmp_path: Path, maker: str) -> None:
    path = written(tmp_path, MAKERS[maker], 60, 1_000)
    cues, problems = load_shown(path)
    assert cues == ()
    assert [one.render(str) for one in problems] == [
        "DJI_0002.srt: this is a camera's record of places and exposures (telemetry), no subtitles; it is not shown"
    ]
    with pytest.raises(NoSubtitlesError):
        load_subtitles(path)


def test_the_record_of_a_long_flight_is_known_by_its_beginning(tmp_path: Path) -> None:
    path = written(tmp_path, MAKERS["DJI, new"], 60, 1_000)
    path.write_bytes(path.read_bytes() * (LARGEST_FILE // path.stat().st_size + 1))
    with pytest.raises(NoSubtitlesError, match="telemetry"):
        load_subtitles(path)


def test_texts_of_one_picture_each_are_for_no_reader(tmp_path: Path) -> None:
    path = written(tmp_path, lambda at: f"第{'一二三四'[at % 4]}帧", 100, 33)
    with pytest.raises(InputError, match="most of its texts last about 33 ms"):
        load_cues(path)
    assert len(load_cues(written(tmp_path, lambda at: f"第{'一二三四'[at % 4]}帧", 99, 33))[0]) == 99


def test_more_than_anyone_can_read_is_for_no_reader(tmp_path: Path) -> None:
    path = written(tmp_path, lambda at: "土壤" * 35 + "一二三四"[at % 4], 100, 1_000)
    with pytest.raises(NoSubtitlesError, match="too short for anyone to read"):
        load_cues(path)


@pytest.mark.parametrize(
    "said",
    [
        lambda at: f"12×{at}={12 * at}",
        lambda at: f"第{at}步：每亩施肥{at}公斤，温度{at}℃",
        lambda at: f"{at}",
        lambda at: f"感光度调到ISO {at}，快门1/{at}",
        lambda at: f"速度每小时{at}公里",
        lambda at: "5 6 5 3 2 1" if at % 2 else "哆来咪",
    ],
)
def test_numbers_that_people_are_taught_are_subtitles(tmp_path: Path, said: Callable[[int], str]) -> None:
    cues, problems = load_shown(written(tmp_path, said, 30, 2_000))
    assert (len(cues), problems) == (30, ())

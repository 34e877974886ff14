"""Pinyin as the sounds that the neural voice was taught: IPA with arrows for tones, in the notation of Kokoro 1.0.

The pairs of pinyin and IPA are those of “Help:IPA/Mandarin” (Wikipedia), as misaki writes them; a test compares.
"""

from __future__ import annotations

_INITIAL_TABLE = "b=p p=pʰ m=m f=f d=t t=tʰ n=n l=l g=k k=kʰ h=x j=ʨ q=ʨʰ x=ɕ zh=ꭧ ch=ꭧʰ sh=ʂ r=ɻ z=ʦ c=ʦʰ s=s"
# The tone stands behind the vowel, before what follows “-”.
_FINAL_TABLE = """
    a=a o=ɔ e=ɤ ê=ɛ ai=ai ei=ei ao=au ou=ou an=a-n en=ə-n ang=a-ŋ eng=ə-ŋ ong=ʊ-ŋ er=ɚ i=i ia=ja ie=je iao=jau iou=jou
    ian=jɛ-n in=i-n iang=ja-ŋ ing=i-ŋ iong=jʊ-ŋ io=jɔ u=u ua=wa uo=wo uai=wai uei=wei uan=wa-n uen=wə-n uang=wa-ŋ
    ueng=wə-ŋ v=y ve=ɥe van=ɥɛ-n vn=y-n
"""
# Names of letters as the English voices of the model say them.
_LETTER_TABLE = """
    A=ˈA B=bˈi C=sˈi D=dˈi E=ˈi F=ˈɛf G=ʤˈi H=ˈAʧ I=ˈI J=ʤˈA K=kˈA L=ˈɛl M=ˈɛm N=ˈɛn O=ˈO P=pˈi Q=kjˈu R=ˈɑɹ S=ˈɛs
    T=tˈi U=jˈu V=vˈi W=dˈʌbᵊlju X=ˈɛks Y=wˈI Z=zˈi
"""


def _table(written: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in written.split())


_INITIALS, _FINALS, LETTERS = _table(_INITIAL_TABLE), _table(_FINAL_TABLE), _table(_LETTER_TABLE)
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_LABIAL, _HISSING = {"b", "p", "m", "f"}, {"zh", "ch", "sh", "r", "z", "c", "s"}
_NASAL = {"m": "m", "n": "n", "ng": "ŋ", "hm": "hm", "hng": "hŋ"}


def sounds_of(syllable: str) -> str | None:
    """Sounds of a syllable with its tone, e.g. "tian2" → "tʰjɛ↗n"; with r at its end 儿化; None for no syllable."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    plain, tone = syllable[:-1], syllable[-1:]
    coloured = len(plain) > 2 and plain.endswith("r")  # noqa: PLR2004  (er is a syllable)
    plain = plain.removesuffix("r") if coloured else plain
    if tone not in _TONES or not plain:
        return None
    if plain in _NASAL:
        return _NASAL[plain] + _TONES[tone]
    initial, final = to_initials(plain, strict=True), to_finals(plain, strict=True)
    if final not in _FINALS or (initial and initial not in _INITIALS):
        return None
    nucleus, _, coda = _FINALS[final].partition("-")
    if final == "i" and initial in _HISSING:
        nucleus = "ɨ"
    elif final == "o" and (initial in _LABIAL or plain == "yo"):
        nucleus = "wo"
    return _INITIALS.get(initial, "") + nucleus + _TONES[tone] + ("ɚ" if coloured else coda)

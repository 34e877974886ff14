"""Where this user's keys lie: in the profile, never in a workspace."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_VARIABLE = "YUANJIAO_KEYS"


def keys_folder() -> Path:
    """What YUANJIAO_KEYS names, else a folder in the user's profile."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return Path(given)
    import platformdirs

    return platformdirs.user_config_path("yuanjiao", appauthor=False) / "keys"

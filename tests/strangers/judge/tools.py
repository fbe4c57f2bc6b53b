"""Where the strangers live that are not on the PATH, and the program that they judge."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Tools:
    """Programs and classes installed by tools.sh; certpress, with the seal that it sealed by."""

    sofd: Path
    ofd_core: Path
    java_classes: str
    press: Path
    seal: Path
    password: Path


TOOLS = Tools(
    sofd=Path(os.environ["STRANGERS"]) / "bin/sofd",
    ofd_core=Path(os.environ["STRANGERS"]) / "bin/ofd-core-judge",
    java_classes=os.environ["STRANGERS_CLASSPATH"],
    press=Path(os.environ["STRANGERS_PRESS"]),
    seal=Path(os.environ["STRANGERS_SEAL"]),
    password=Path(os.environ["STRANGERS_PASSWORD"]),
)

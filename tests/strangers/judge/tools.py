"""Where the strangers live that are not on the PATH."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Tools:
    """Programs and classes installed by tools.sh."""

    sofd: Path
    ofd_core: Path
    java_classes: str


TOOLS = Tools(
    sofd=Path(os.environ["STRANGERS"]) / "bin/sofd",
    ofd_core=Path(os.environ["STRANGERS"]) / "bin/ofd-core-judge",
    java_classes=os.environ["STRANGERS_CLASSPATH"],
)

"""How the areas of runs B to F look while one of them is the run that is shown.

A hue alone does not say it: with the brightness of run A's, areas of other hues are too near to
each other, or to the real data's. These were searched for, and tests hold them to numbers.
"""

from collections.abc import Mapping

AREAS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "dark": {
        "B": ("#1f3b4b", "#1b5879", "#2276a5", "#12608c", "#59666d"),
        "C": ("#153f35", "#1d5d42", "#207e62", "#286d48", "#39564d"),
        "D": ("#5c2441", "#8b3464", "#b74685", "#9a3c74", "#6c4652"),
        "E": ("#3d3a18", "#595519", "#78711b", "#635d08", "#56543a"),
        "F": ("#572e22", "#853d28", "#b63513", "#a23718", "#684d46"),
    },
    "light": {
        "B": ("#bdd5e2", "#82c1e2", "#509fcc", "#82cbf4", "#82a8bd"),
        "C": ("#93dfd3", "#54d1aa", "#2cab8b", "#13dca7", "#6fb5a4"),
        "D": ("#e8c6d9", "#d9a3d4", "#df83ac", "#ecb4c4", "#c190aa"),
        "E": ("#d8d3b4", "#d5c47c", "#d9bb07", "#dfce8c", "#b5a76f"),
        "F": ("#eec9c5", "#cc9ea4", "#de857f", "#f8b2ad", "#c49796"),
    },
}
"""By palette and letter: the outer and the inner band, the range, now, and both."""

INDICES: Mapping[str, Mapping[str, tuple[int, int, int]]] = {
    "dark-256": {
        "B": (24, 67, 153),
        "C": (29, 72, 158),
        "D": (96, 139, 225),
        "E": (100, 143, 230),
        "F": (124, 131, 216),
    },
    "light-256": {
        "B": (110, 67, 17),
        "C": (42, 29, 22),
        "D": (182, 133, 53),
        "E": (185, 142, 58),
        "F": (209, 167, 88),
    },
}
"""Among 256 colours: now and the range, both, and the mean; the bands of all runs are grey."""

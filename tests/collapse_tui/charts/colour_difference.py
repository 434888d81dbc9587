"""How different two colours look: CIEDE2000, also to an eye without green cones; contrast.

References
----------
.. [1] G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 color-difference formula", 2005, with the
   test data that `test_palette` holds this file to.
.. [2] G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for
   simulation of color vision deficiency", 2009: the matrix of deuteranopia, severity 1.
.. [3] W3C, "Web Content Accessibility Guidelines 2.2": relative luminance and contrast.
"""

import numpy as np

DEUTERANOPIA = np.array([
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
])  # fmt: skip
TO_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip
WHITE = TO_XYZ.sum(axis=1)


def linear(look: str) -> np.ndarray:
    """Return the linear channels of ``#rrggbb``."""
    channels = np.array([int(look[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    high, low = sorted((float(TO_XYZ[1] @ linear(look)) for look in (first, second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(channels: np.ndarray) -> np.ndarray:
    """Return linear channels in CIE L*a*b*, white D65."""
    ratio = TO_XYZ @ channels / WHITE
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(first: str, second: str, *, deuteranopia: bool = False) -> float:
    """Return the CIEDE2000 difference of two colours."""
    seen = [linear(look) for look in (first, second)]
    if deuteranopia:
        seen = [np.clip(DEUTERANOPIA @ channels, 0, 1) for channels in seen]
    return ciede2000(*(lab(channels) for channels in seen))


def ciede2000(first: np.ndarray, second: np.ndarray) -> float:
    """Return the difference of two colours in L*a*b*; names of the steps are those of [1]_."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    waves = ((0.17, 1, -30), (-0.24, 2, 0), (-0.32, 3, 6), (0.20, 4, -63))
    t = 1 - sum(part * np.cos(np.radians(times * hm + by)) for part, times, by in waves)
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    twist = 60 * np.exp(-(((hm - 275) / 25) ** 2))
    rt = -np.sin(np.radians(twist)) * 2 * np.sqrt(cm**7 / (cm**7 + 25.0**7))
    parts = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(sum(part**2 for part in parts) + rt * parts[1] * parts[2]))

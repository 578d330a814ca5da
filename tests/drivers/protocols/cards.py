"""Builds card text blocks field by field from the domain note's table, independently of the parser."""

from __future__ import annotations

PHOTO = bytes(range(256)) * 4

RESIDENT = {
    0: ("李秀兰", 30),
    30: ("2", 2),
    32: ("01", 4),
    36: ("19491231", 16),
    52: ("云川市禾木区稻香路一〇二号", 70),
    122: ("11010519491231002X", 36),
    158: ("云川市公安局禾木分局", 30),
    188: ("20100101", 16),
    204: ("长期", 16),
    248: (" ", 2),
}
TAIWAN = RESIDENT | {
    0: ("陳大文", 30),
    30: ("2", 2),
    32: ("", 4),
    36: ("19940823", 16),
    122: ("810000199408230021", 36),
    188: ("20200101", 16),
    204: ("20250101", 16),
    220: ("H12345678", 18),
    238: ("01", 4),
    248: ("J", 2),
}
FOREIGN_2017 = {
    0: ("AIGERIM BEKOVA", 120),
    120: ("2", 2),
    122: ("KAZ110090123105", 30),
    152: ("KAZ", 6),
    158: ("艾格林", 30),
    188: ("20180101", 16),
    204: ("20280101", 16),
    220: ("19901231", 16),
    236: ("01", 4),
    240: ("1500", 8),
    248: ("I", 2),
}
FOREIGN_2023 = {
    0: ("阿里", 30),
    30: ("1", 2),
    32: ("01", 4),
    36: ("19850101", 16),
    52: ("ALI BIN ABDULLAH AL MOHAMMED AL SAU"[:35], 70),
    122: ("932682198501010017", 36),
    158: ("", 30),
    188: ("20231201", 16),
    204: ("20331130", 16),
    220: ("D AL FAISAL", 22),
    242: ("SAU", 6),
    248: ("Y", 2),
    250: ("", 6),
}


def block(fields: dict[int, tuple[str, int]]) -> bytes:
    """The 256 bytes of ``fields``, spaces elsewhere."""
    text = bytearray(" ".encode("utf-16-le") * 128)
    for offset, (value, size) in fields.items():
        raw = value.encode("utf-16-le")
        assert len(raw) <= size, value
        text[offset : offset + len(raw)] = raw
    return bytes(text)


def changed(fields: dict[int, tuple[str, int]], offset: int, value: str) -> bytes:
    """The block with one field's value replaced."""
    return block(fields | {offset: (value, fields[offset][1])})

"""The encoder's graph without its heads, to measure against: onnxruntime always runs the whole of a graph.

An ONNX file is a protocol buffer: a message is a row of fields, each a tag (its number and wire type) and a value.
Only what the cut needs is read here. In ModelProto the graph is field 7; in GraphProto nodes are 1 and outputs 12; in
NodeProto inputs are 1 and outputs 2; a ValueInfoProto's name is 1.
"""

from __future__ import annotations

from collections.abc import Iterator

GRAPH, NODE, OUTPUT = 7, 1, 12
NODE_INPUT, NODE_OUTPUT, NAME = 1, 2, 1
VARINT, LONG, BYTES = 0, 1, 2


def cut(model: bytes, output: str) -> bytes:
    """The same model with nothing in it but what `output` is made of."""
    whole = b""
    for number, value, field in _fields(model):
        if number == GRAPH:
            graph = _cut_graph(value, output)
            field = _varint_of(GRAPH << 3 | BYTES) + _varint_of(len(graph)) + graph
        whole += field
    return whole


def _cut_graph(graph: bytes, output: str) -> bytes:
    """Nodes stand in the order in which they are run, so that one way back finds all that are needed."""
    needed, kept = {output}, []
    for number, value, field in reversed(list(_fields(graph))):
        if number == NODE:
            if needed.isdisjoint(_names(value, NODE_OUTPUT)):
                continue
            needed.update(_names(value, NODE_INPUT))
        if number != OUTPUT or output in _names(value, NAME):
            kept.append(field)
    return b"".join(reversed(kept))


def _names(message: bytes, wanted: int) -> list[str]:
    return [value.decode("utf-8") for number, value, _ in _fields(message) if number == wanted]


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, value (of numbers: nothing) and the whole field."""
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        value = b""
        if tag & 7 == VARINT:
            _, at = _varint(message, at)
        elif tag & 7 == BYTES:
            size, at = _varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            at += 8 if tag & 7 == LONG else 4
        yield tag >> 3, value, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first, the eighth bit on all but the last; and the place after it."""
    number = shift = 0
    while message[at] & 0x80:
        number |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return number | message[at] << shift, at + 1


def _varint_of(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])

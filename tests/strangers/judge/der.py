"""DER (ITU-T X.690), just enough to take structures apart without any library that the engine uses."""

from dataclasses import dataclass

from .bench import Objection

INTEGER, BIT_STRING, OCTET_STRING, OID, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31


@dataclass
class Value:
    """A value with its tag, its content and its whole encoding."""

    tag: int
    content: bytes
    whole: bytes

    def children(self, tag):
        """The values inside, of a value that must have this tag."""
        self.expect(tag)
        values, at = [], 0
        while at < len(self.content):
            value = read(self.content[at:])
            values.append(value)
            at += len(value.whole)
        return values

    def expect(self, tag):
        """The content of a value that must have this tag."""
        if self.tag != tag:
            raise Objection(f"tag {self.tag:#04x} where {tag:#04x} belongs")
        return self.content

    def bits(self):
        """The bytes of a BIT STRING of whole bytes."""
        content = self.expect(BIT_STRING)
        if content[:1] != b"\0":
            raise Objection("a BIT STRING with unused bits")
        return content[1:]

    def oid(self):
        """An OBJECT IDENTIFIER in dots."""
        content = self.expect(OID)
        arcs, arc = [content[0] // 40, content[0] % 40], 0
        for byte in content[1:]:
            arc = arc << 7 | byte & 0x7F
            if byte < 0x80:
                arcs.append(arc)
                arc = 0
        return ".".join(map(str, arcs))


def read(data):
    """The first value of `data`, in definite lengths of the shortest form."""
    if len(data) < 2:
        raise Objection("DER ends early")
    length, header = data[1], 2
    if length >= 0x80:
        count = length & 0x7F
        length, header = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
        if not 1 <= count <= 4 or length < 0x80 or length >> 8 * (count - 1) == 0:
            raise Objection("a length that is not DER")
    if len(data) < header + length:
        raise Objection("DER ends early")
    return Value(data[0], data[header : header + length], data[: header + length])


def read_all(data):
    """The one value that `data` is."""
    value = read(data)
    if len(value.whole) != len(data):
        raise Objection(f"{len(data) - len(value.whole)} bytes after the DER value")
    return value

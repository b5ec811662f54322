"""Evidence for the demo: one-page PDF files that say what they stand for."""

from datetime import datetime

from core.files import store
from core.models import StoredFile
from enterprises.models import CONFIRMED_BY
from projects.lifecycle import evidence_slots

PAGE = (0, 0, 595, 842)


def store_papers(at: datetime) -> dict[str, StoredFile]:
    """{kind of evidence: its file}; the same file serves every project."""
    slots = (*evidence_slots(), *(slot for confirmed in CONFIRMED_BY.values() for slot in confirmed))
    return {slot: store([pdf(f"演示材料：{slot}")], name=f"{slot}.pdf", at=at) for slot in slots}


def pdf(line: str) -> bytes:
    """A page with one line, set in the reader's own Song typeface: no font has to be packed in."""
    text = line.encode("utf-16-be").hex().upper()
    drawn = f"BT /F1 24 Tf 72 740 Td <{text}> Tj ET".encode()
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {list(PAGE)} /Contents 4 0 R ".replace(",", "").encode()
            + b"/Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
            b"/DescendantFonts [6 0 R] >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 >>",
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] "
            b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
    )


def _file(parts: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    index = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + head + index + tail

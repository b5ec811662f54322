"""Every file that any address gives: found in the address book, so that a new one is among them by itself."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.ledgers.ledger import all_ledgers
from reporting.models import Publication
from tests import factories as make
from tests.access import World, address_book, addresses
from tests.test_queries import row_for

FILES, PRINTED = (".xlsx", ".docx", ".zip"), (".xlsx", ".docx")
OF_A_LEDGER, OF_A_PUBLICATION = "ledgers/<slug:key>/", "publications/<slug:code>/"
MARKED = "marked.xlsx"
SAMPLE = settings.BASE_DIR / "tests/data/workbooks/cells.xlsx"


def fill_ledgers(world: World) -> None:
    """A row in each ledger that the world leaves empty."""
    for ledger in all_ledgers():
        if not ledger.model.objects.exists():
            row_for(ledger.key, world.records["own"].unit)


def all_files(world: World) -> Iterator[tuple[str, bytes]]:
    """An address that holds nothing for the office, or is not its own, gives no file."""
    reading, importing = (make.signed_in(world.seats[post]) for post in ("county2", "county"))
    for number, (name, address) in enumerate(file_addresses(world)):
        client = importing if address.endswith(MARKED) else reading
        if client is importing:
            sample = SimpleUploadedFile("样表.xlsx", SAMPLE.read_bytes())
            client.post(address.removesuffix(MARKED), {"file": sample})
        answer = client.get(address)
        if answer.status_code == 200:
            yield from unpacked(f"{number:03d}-{name}{Path(address).suffix}", b"".join(answer))


def file_addresses(world: World) -> Iterator[tuple[str, str]]:
    """Of a ledger's address each ledger's, of a publication's each publication's; of any other one's own record's."""
    for name, route in address_book().items():
        if not route.endswith(FILES):
            continue
        if OF_A_LEDGER in route:
            yield from ((name, reverse(name, args=[ledger.key])) for ledger in all_ledgers())
        elif OF_A_PUBLICATION in route:
            rows = Publication.objects.current().in_county(world.county.pk)
            yield from ((name, reverse(name, args=[row.code])) for row in rows)
        else:
            found = addresses(world, name, route)
            yield name, found.get("own") or found["-"]


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name.endswith(PRINTED):
        yield name, content
        return
    with zipfile.ZipFile(BytesIO(content)) as packed:
        for number, member in enumerate(packed.namelist()):
            if member.endswith(PRINTED):
                yield f"{Path(name).stem}-{number}{Path(member).suffix}", packed.read(member)

"""What makes a PDF archival and accessible at once: PDF/A-2a (3a with data inside) and PDF/UA-1.

WeasyPrint writes one of the two; the other is added to the metadata before the file is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.document import DocumentMetadata

ARCHIVAL = "pdf/a-2a"
"""ISO 19005-2, level A: archival and tagged."""
CARRYING = "pdf/a-3a"
"""ISO 19005-3, level A: the same, and a file may travel inside."""
ACCESSIBLE = "pdf/ua-1"
"""ISO 14289-1: everybody can read it, also with a screen reader."""
DATA_NAME = "surat.json"
"""What the data are called that travel inside a letter."""
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The date of the data inside where the letter says none; a clock would change the bytes."""

_NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns"
_ACCESSIBLE_TOO = f"""
<rdf:Description rdf:about="" xmlns:pdfuaid="{_NAMESPACE}" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="{_EXTENSION}/extension/"
 xmlns:pdfaSchema="{_EXTENSION}/schema#" xmlns:pdfaProperty="{_EXTENSION}/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""PDF/A takes a property that it does not know only with the description of its schema."""
_END = b"</rdf:RDF>"


@dataclass
class Colours:
    """The sRGB profile of an archival PDF; WeasyPrint's own writes other bytes at its second use."""

    content: bytes = field(default_factory=lambda: (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    components: tuple[list[str], ...] = (["r"], ["g"], ["b"])
    name: str = "IEC 61966-2-1 Default RGB Colour Space - sRGB"
    pdf_reference: bytes | None = None


def variant_of(attach: bytes | None) -> str:
    """Returns the kind of PDF/A: the third part where data travel inside."""
    return ARCHIVAL if attach is None else CARRYING


def short(variant: str) -> str:
    """Returns both standards in few letters, such as `a-2a+ua-1`."""
    return f"{variant.removeprefix('pdf/')}+{ACCESSIBLE.removeprefix('pdf/')}"


def written(document: Document, attach: bytes | None) -> bytes:
    """Writes the PDF with both standards in its metadata and, if there are any, the data inside."""
    _tell_little(document.metadata)
    options: Mapping[str, Any] = {
        "pdf_variant": variant_of(attach),
        "pdf_tags": True,
        "output_intent": "",
        "attachments": [] if attach is None else [_attachment(attach, document.metadata)],
    }
    data: bytes = document.write_pdf(finisher=_finished, **options)
    return data


def _tell_little(metadata: DocumentMetadata) -> None:
    """Leaves title, office, language and dates: what else a template says may tell of a person."""
    metadata.description, metadata.generator = None, None
    metadata.keywords, metadata.attachments, metadata.custom = [], [], {}


def _attachment(data: bytes, metadata: DocumentMetadata) -> object:
    from weasyprint import Attachment

    try:
        day = datetime.fromisoformat(metadata.created or "")
    except ValueError:
        day = UNDATED
    return Attachment(
        file_obj=BytesIO(data),
        name=DATA_NAME,
        description=DATA_NAME,
        created=day,
        modified=day,
        relationship="Data",
    )


def _finished(document: Document, pdf: Any) -> None:
    """Adds PDF/UA-1 to the metadata, which stay uncompressed so that every archive can read them."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    content = b"".join(metadata.stream)
    metadata.stream = [content.replace(_END, _ACCESSIBLE_TOO.encode() + _END)]
    metadata.compress = False
    pdf.objects = [each if each.free == "f" else _Fixed(each) for each in pdf.objects]


class _Fixed:
    """An object of the PDF in its final bytes.

    They are needed twice, for the file and for its identifier, and making them is a tenth of the work.
    """

    def __init__(self, made: Any) -> None:
        self.number, self.generation, self.free = made.number, made.generation, made.free
        self.compressible: bool = made.compressible
        self.data: bytes = made.data
        self.offset = 0

    @property
    def indirect(self) -> bytes:
        """Returns the object as it stands in the file by itself."""
        return b"%d %d obj\n%b\nendobj" % (self.number, self.generation, self.data)

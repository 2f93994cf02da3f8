"""Read a PDF back: its text by the structure tree, the sizes of its type, its pictures to scan."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import pypdfium2
import zxingcpp
from pypdfium2 import raw


def squeeze(text: str) -> str:
    """Without spaces. The reader shows a hyphen at the end of a line as one of two control signs."""
    return re.sub(r"\s+", "", re.sub("\x02|\ufffe", "-", text))


class Read:
    """A PDF, page by page. `leaves` are (kind, text) of the structure tree in reading order, without artifacts."""

    def __init__(self, file: Path):
        self.pdf = pypdfium2.PdfDocument(file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pdf.close()

    def marked(self, page) -> dict[int, str]:
        """Text of each marked piece of content of a page."""
        words = page.get_textpage()
        out: dict[int, str] = {}
        for item in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
            key = raw.FPDFPageObj_GetMarkedContentID(item.raw)
            size = raw.FPDFTextObj_GetText(item.raw, words.raw, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFTextObj_GetText(item.raw, words.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
            if key >= 0:
                out[key] = out.get(key, "") + buffer.raw.decode("utf-16-le").rstrip("\0")
        return out

    def elements(self, kinds: set[str]) -> list[list]:
        """Every element of one of the kinds: [page number, kind, text], texts without spaces."""
        found = []
        for number, page in enumerate(self.pdf, 1):
            text = self.marked(page)
            tree = raw.FPDF_StructTree_GetForPage(page.raw)
            for n in range(raw.FPDF_StructTree_CountChildren(tree)):
                self._walk(raw.FPDF_StructTree_GetChildAtIndex(tree, n), kinds, text, number, found)
            raw.FPDF_StructTree_Close(tree)
        return found

    def _walk(self, element, kinds, text, number, found) -> str:
        if not element:
            return ""
        kind = _string(raw.FPDF_StructElement_GetType, element)
        entry = [number, kind, ""] if kind in kinds else None
        if entry:
            found.append(entry)
        words = ""
        for n in range(raw.FPDF_StructElement_CountChildren(element)):
            key = raw.FPDF_StructElement_GetChildMarkedContentID(element, n)
            words += (
                text.get(key, "")
                if key >= 0
                else self._walk(raw.FPDF_StructElement_GetChildAtIndex(element, n), kinds, text, number, found)
            )
        if entry:
            entry[2] = squeeze(words)
        return words

    def alternatives(self) -> list[str]:
        """The words for those who do not see, of every figure."""
        found = []

        def walk(element):
            if _string(raw.FPDF_StructElement_GetType, element) == "Figure":
                found.append(_string(raw.FPDF_StructElement_GetAltText, element))
            for n in range(raw.FPDF_StructElement_CountChildren(element)):
                child = raw.FPDF_StructElement_GetChildAtIndex(element, n)
                if child:
                    walk(child)

        for page in self.pdf:
            tree = raw.FPDF_StructTree_GetForPage(page.raw)
            for n in range(raw.FPDF_StructTree_CountChildren(tree)):
                walk(raw.FPDF_StructTree_GetChildAtIndex(tree, n))
            raw.FPDF_StructTree_Close(tree)
        return found

    def placed(self, page) -> list[tuple[float, float, float, float]]:
        """Where the words of a page stand, without head and foot: left, bottom, right, top."""
        return [
            item.get_bounds()
            for item in page.get_objects([raw.FPDF_PAGEOBJ_TEXT])
            if raw.FPDFPageObj_GetMarkedContentID(item.raw) >= 0
        ]

    def foot(self, page) -> tuple[float, float]:
        """Above the paper's lower edge: the line over the foot, and the lowest words of all."""
        wide = [
            top
            for left, _, right, top in (item.get_bounds() for item in page.get_objects([raw.FPDF_PAGEOBJ_PATH]))
            if right - left > page.get_width() * 0.8
        ]
        return min(wide), min(item.get_bounds()[1] for item in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]))

    def unmarked(self) -> int:
        """How many pieces of content are neither in the structure tree nor told to be decoration."""
        return sum(raw.FPDFPageObj_CountMarks(item.raw) == 0 for page in self.pdf for item in page.get_objects())

    def sizes(self) -> set[float]:
        """Sizes of type on paper, in points, to a tenth."""
        out = set()
        for page in self.pdf:
            for item in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
                size = ctypes.c_float()
                raw.FPDFTextObj_GetFontSize(item.raw, size)
                out.add(round(size.value * abs(item.get_matrix().d), 1))
        return out

    def boxes(self) -> list[float]:
        """Sides of the squares that are drawn, in mm."""
        out = []
        for page in self.pdf:
            for item in page.get_objects([raw.FPDF_PAGEOBJ_PATH]):
                left, bottom, right, top = item.get_bounds()
                if abs((right - left) - (top - bottom)) < 0.5 and right - left > 8:
                    out.append((right - left) / 72 * 25.4)
        return out

    def scan(self, dpi: int) -> list[str]:
        """What a decoder reads from the first page, drawn in grey at that resolution."""
        image = self.pdf[0].render(scale=dpi / 72, grayscale=True).to_pil()
        return [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def _string(function, element) -> str:
    size = function(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    function(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")

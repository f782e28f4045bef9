"""Certificates as PDF, read back by another library: what stands on them, whatever anybody is called."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from bot.certificates.as_pdf import certificate_pdf
from bot.domain.people import Language
from tests.builders.certificates import PAPER

CODE = "7K3MQ2ZD9R4TX8WB5VHN"
HOSTILE = '#eval("1+1") $x$ *fed* _kursiv_ @ref <mærke> \\ #set page(width: 1cm) ``` // `kode`'
LONGEST = "Lærke Åse Ødegård-Æbelø " * 12


def pdf_of(language=Language.DA, code=CODE, check_at="https://kurser.by.example/certificate", **changed):
    return certificate_pdf(replace(PAPER, **changed), language, code=code, check_at=check_at)


def text_of(data):
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    return "".join(pages.replace("\u200b", "").split())


def squeezed(words):
    return "".join(words.split())


def test_everything_stands_on_it_in_danish_letters():
    read = text_of(pdf_of())
    for words in (*PAPER.opening, PAPER.name, PAPER.title, *PAPER.sessions, *PAPER.closing, PAPER.made, "7K3M-Q2ZD-9R4T-X8WB-5VHN"):
        assert squeezed(words) in read
    assert "https://kurser.by.example/certificate" in read


def test_it_is_tagged_and_says_its_language_and_title():
    reader = pypdf.PdfReader(BytesIO(pdf_of()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("da")
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Kursusbevis – Åse Ågård – Psykologisk tryghed"


def test_the_same_facts_are_the_same_bytes():
    assert pdf_of() == pdf_of()
    assert pdf_of() != pdf_of(name="Åse Aagaard")


@pytest.mark.parametrize("name", [HOSTILE, LONGEST, "X" * 300, "李小龍", "Ane 🎉", "مريم", "A"])
def test_whatever_somebody_is_called_it_is_set_as_text_on_one_page(name):
    """Markup is no markup, what no font has is a box, and what is long is set smaller."""
    reader = pypdf.PdfReader(BytesIO(pdf_of(name=name.strip())))
    assert len(reader.pages) == 1
    if name.isascii():
        assert squeezed(name) in text_of(pdf_of(name=name.strip()))


def test_markup_in_a_title_a_session_and_hrs_words_is_text_too():
    read = text_of(pdf_of(title=HOSTILE, sessions=(HOSTILE,), closing=(HOSTILE,), opening=(HOSTILE,), organisation=HOSTILE))
    assert read.count(squeezed(HOSTILE.replace("<mærke>", "<mærke>"))) == 5


def test_many_sessions_take_as_many_pages_as_they_need():
    sessions = tuple(f"Gang {number}: onsdag den {number}. januar 2025 kl. 09.00–15.00" for number in range(1, 61))
    reader = pypdf.PdfReader(BytesIO(pdf_of(sessions=sessions)))
    assert len(reader.pages) > 1
    assert squeezed(sessions[-1]) in text_of(pdf_of(sessions=sessions))


def test_an_example_has_no_code_and_without_pages_nobody_is_sent_to_one():
    assert "Kode" not in text_of(pdf_of(code=""))
    read = text_of(pdf_of(check_at=""))
    assert "Kode" in read
    assert "https" not in read

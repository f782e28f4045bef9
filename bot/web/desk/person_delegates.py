"""The links by which somebody answers for a leader, shown to HR.

    POST /people/{id}/delegate   `plan`, `leader` and `by` say which pair   HR who showed who they are within the hour

By a form alone, so that no link stands in anybody's history by an address that can be opened again; a line
about both of them is in the log. What the plan does not say any more is 404.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.desks.person.delegate_links import AnswersFor, answering
from bot.domain.errors import InputError
from bot.domain.people import Person
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text, text
from bot.messages.characters import one_line
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.person_named import person_named, show_people
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry


def delegate_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.post("/people/{name}/delegate", dependencies=site.to_send(Area.PEOPLE, fresh=True))
    def links(
        request: Request,
        name: str,
        plan: Annotated[str, Form()] = "",
        leader: Annotated[str, Form()] = "",
        by: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desks, person, _ = person_named(site, caller, name)
        asked = (plan, leader, by)
        pair = next(
            (one for one in answering(desks, person) if (one.plan, one.leader.email, one.by.email) == asked),
            None,
        )
        if pair is None:
            raise TurnedAway(sorry("no_person", caller.language, 404))
        problem, found = "", list[tuple[str, str]]()
        try:
            found = pair.links(caller.visitor)
        except InputError as error:
            problem = desk_text(caller.language, error)
        return show_people(
            site,
            request,
            caller,
            "person_delegate",
            desks,
            status=409 if problem else 200,
            way_name=name,
            leader=called(pair.leader),
            by=called(pair.by),
            links=found,
            problem=problem,
            mail=_mail(pair, found, caller),
        )

    return routes


def called(person: Person) -> str:
    """What somebody is called, by the address where they have no name."""
    return one_line(person.name or person.email)


def _mail(pair: AnswersFor, links: list[tuple[str, str]], caller: Caller) -> str:
    """Where HR's own mail program begins a mail to the delegate with the links."""
    leader = called(pair.leader)
    subject = text(caller.language, "people.delegate.mail_subject", leader=leader)
    told = text(caller.language, "people.delegate.mail_text", leader=leader)
    body = "\r\n\r\n".join([told, *(f"{one_line(title)}\r\n{link}" for title, link in links)])
    return f"mailto:{quote(pair.by.email, safe='@+')}?subject={quote(subject)}&body={quote(body)}"

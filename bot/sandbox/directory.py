"""The tenant's directory: people, shared mailboxes, rooms, mail contacts, and nested groups.

State and look-ups only; what Graph shows of it is in `directory_endpoints.py`. Facts: graph-facts
section 8 (2026-11-22).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# Where addresses and principal names differ, the latter are of this part of the domain.
LOGIN = "@login."
_NAMESPACE = uuid.UUID("6f0c8a5e-6c53-5b0a-9a1e-3d1f7d0b5c11")


class Purpose(StrEnum):
    """`mailboxSettings.userPurpose`."""

    USER = "user"
    SHARED = "shared"
    ROOM = "room"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFacts:
    """What the tenant's places tell of a room beside its name and seats; devices None where there is none."""

    tags: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    video_device: str | None = None
    display_device: str | None = None
    booking: str = "standard"


@dataclass(slots=True, kw_only=True)
class User:
    """A directory object of type user: a person, a guest, a shared mailbox or a room."""

    id: str
    display_name: str
    mail: str | None
    upn: str
    user_type: str = "Member"
    enabled: bool = True
    language: str | None = None
    aliases: tuple[str, ...] = ()
    department: str | None = None
    job_title: str | None = None
    purpose: Purpose = Purpose.USER
    has_mailbox: bool = True
    capacity: int | None = None
    building: str | None = None
    room: RoomFacts = RoomFacts()
    directory_names: tuple[str, ...] = ()
    names_differ: Callable[[], bool] = bool
    manager: str | None = None

    @property
    def principal(self) -> str:
        """The principal name that Graph tells.

        The UPN, or where `names_differ` another one than the mail address.
        """
        return self.upn.replace("@", LOGIN, 1) if self.upn == self.mail and self.names_differ() else self.upn

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that reaches this user: mail, UPN, aliases; lower case."""
        found = [self.mail, self.upn, *self.aliases]
        return tuple(dict.fromkeys(a.lower() for a in found if a))

    @property
    def proxy_addresses(self) -> list[str]:
        """`SMTP:` the primary address, `smtp:` aliases, `X500:` former names in Exchange's directory."""
        primary = [f"SMTP:{self.mail}"] if self.mail else []
        return (
            primary + [f"smtp:{a}" for a in self.aliases] + [f"X500:{name}" for name in self.directory_names]
        )

    @property
    def is_room(self) -> bool:
        """Whether this is a resource mailbox that answers by itself."""
        return self.purpose is Purpose.ROOM or self.purpose is Purpose.EQUIPMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A mail contact (`orgContact`): somebody outside with an address in the directory, and no account."""

    id: str
    display_name: str
    mail: str


@dataclass(slots=True, kw_only=True)
class Group:
    """A mail-enabled group; `members` are ids of users, contacts and groups, in order of joining."""

    id: str
    display_name: str
    mail: str
    description: str = ""
    members: dict[str, None] = field(default_factory=dict)


Member = User | Contact | Group


class Directory:
    """Users, contacts and groups by id and by address."""

    def __init__(self, domain: str) -> None:
        """Start empty; `domain` is the tenant's own mail domain."""
        self.domain = domain.lower()
        self.names_differ: Callable[[], bool] = bool
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.contacts: dict[str, Contact] = {}
        self._by_address: dict[str, User] = {}
        self._groups_by_mail: dict[str, Group] = {}

    def add_user(
        self,
        display_name: str,
        mail: str | None,
        *,
        upn: str | None = None,
        groups: Iterable[str] = (),
        user_type: str = "Member",
        enabled: bool = True,
        language: str | None = None,
        aliases: Iterable[str] = (),
        department: str | None = None,
        job_title: str | None = None,
        purpose: Purpose = Purpose.USER,
        has_mailbox: bool | None = None,
        capacity: int | None = None,
        building: str | None = None,
    ) -> User:
        """Add a user, put it in `groups` (addresses), and return it.

        A guest or a user without `mail` has no mailbox unless told otherwise; a guest's UPN is made
        as Entra makes it. Raises ValueError when an address is taken.
        """
        guest = user_type == "Guest"
        if upn is None:
            if mail is None:
                raise ValueError("a user without mail needs a upn")
            upn = f"{mail.replace('@', '_')}#EXT#@{self.domain}" if guest else mail
        user = User(
            id=str(uuid.uuid5(_NAMESPACE, f"user:{upn.lower()}")),
            display_name=display_name,
            mail=mail,
            upn=upn,
            user_type=user_type,
            enabled=enabled,
            language=language,
            aliases=tuple(aliases),
            department=department,
            job_title=job_title,
            purpose=purpose,
            has_mailbox=has_mailbox if has_mailbox is not None else bool(mail) and not guest,
            capacity=capacity,
            building=building,
            names_differ=self.names_differ,
        )
        for address in user.addresses:
            if address in self._by_address:
                raise ValueError(f"the address {address} is taken")
        self.users[user.id] = user
        self._index(user)
        for group in groups:
            self.join(group, user.id)
        return user

    def add_person(self, display_name: str, mail: str, *groups: str, **more: Any) -> User:
        """Add an ordinary person with a mailbox to `groups`; `more` as for `add_user`."""
        return self.add_user(display_name, mail, groups=groups, **more)

    def add_shared_mailbox(self, display_name: str, mail: str) -> User:
        """Add a shared mailbox; its account is disabled, as in Exchange Online."""
        return self.add_user(display_name, mail, enabled=False, purpose=Purpose.SHARED)

    def add_room(
        self, display_name: str, mail: str, *, capacity: int | None = 40, building: str = "", **facts: Any
    ) -> User:
        """Add a room that accepts when it is free and declines a conflict; `facts` as in `RoomFacts`."""
        room = self.add_user(
            display_name,
            mail,
            enabled=False,
            purpose=Purpose.ROOM,
            capacity=capacity,
            building=building,
        )
        room.room = RoomFacts(tags=tuple(facts.pop("tags", ())), **facts)
        return room

    def add_contact(self, display_name: str, mail: str, *, groups: Iterable[str] = ()) -> Contact:
        """Add a mail contact, put it in `groups` (addresses), and return it.

        A guest may have the same address.
        """
        contact = Contact(
            id=str(uuid.uuid5(_NAMESPACE, f"contact:{mail.lower()}")), display_name=display_name, mail=mail
        )
        self.contacts[contact.id] = contact
        for group in groups:
            self.join(group, contact.id)
        return contact

    def add_group(
        self, display_name: str, mail: str, *, members: Iterable[str] = (), description: str = ""
    ) -> Group:
        """Add a group with `members` (addresses of users and groups, or ids), and return it."""
        group = Group(
            id=str(uuid.uuid5(_NAMESPACE, f"group:{mail.lower()}")),
            display_name=display_name,
            mail=mail,
            description=description,
        )
        self.groups[group.id] = group
        self._groups_by_mail[mail.lower()] = group
        for member in members:
            self.join(mail, member)
        return group

    def join(self, group: str, member: str) -> None:
        """Add `member` to `group`, both by address or id. Raises KeyError for an unknown one."""
        self._group(group).members[self._member_id(member)] = None

    def leave(self, group: str, member: str) -> None:
        """Take `member` out of `group`. Raises KeyError for an unknown one."""
        self._group(group).members.pop(self._member_id(member), None)

    def change_user(
        self,
        who: str,
        *,
        enabled: bool | None = None,
        mail: str | None = None,
        display_name: str | None = None,
        language: str | None = None,
        department: str | None = None,
        aliases: Iterable[str] | None = None,
        directory_names: Iterable[str] | None = None,
        manager: str | None = None,
    ) -> User:
        """Change a user; a new `mail` keeps the old one as alias, unless `aliases` says which there are.

        A principal name that is none of those then follows the mail. `manager` is an address or id of a user
        or a contact, "" for none. Raises KeyError.
        """
        user = self.users[self._member_id(who)]
        self._change_standing(user, enabled, manager)
        if directory_names is not None:
            user.directory_names = tuple(directory_names)
        if mail is not None and mail != user.mail:
            user.aliases = (*user.aliases, *([user.mail] if user.mail else []))
            user.mail = mail
        if aliases is not None:
            for address in set(user.aliases) - set(aliases):
                self._by_address.pop(address.lower(), None)
            user.aliases = tuple(aliases)
            if user.mail and user.has_mailbox and user.upn not in user.aliases:
                user.upn = user.mail
        user.display_name = display_name or user.display_name
        user.language = language or user.language
        user.department = department or user.department
        self._index(user)
        return user

    def _change_standing(self, user: User, enabled: bool | None, manager: str | None) -> None:
        """Whether the account is open, and who manages it: what is None stays."""
        user.enabled = user.enabled if enabled is None else enabled
        if manager is not None:
            user.manager = self._member_id(manager) if manager else None

    def remove_user(self, who: str) -> None:
        """Delete a user and its memberships. Raises KeyError."""
        user = self.users.pop(self._member_id(who))
        for address in user.addresses:
            self._by_address.pop(address, None)
        for group in self.groups.values():
            group.members.pop(user.id, None)
        for other in self.users.values():
            if other.manager == user.id:
                other.manager = None

    def manager_of(self, user: User) -> User | Contact | None:
        """The user's manager, a contact too; None for nobody."""
        if user.manager is None:
            return None
        return self.users.get(user.manager) or self.contacts.get(user.manager)

    def find_user(self, who: str) -> User | None:
        """Return the user with this id, UPN, mail or alias."""
        return self.users.get(who) or self._by_address.get(who.lower()) or self.users.get(who.lower())

    def find_principal(self, who: str) -> User | None:
        """Return the user with this id or principal name, as a path names them: never by mail or alias."""
        wanted = who.lower()
        user = self.users.get(wanted) or self._by_address.get(wanted.replace(LOGIN, "@", 1))
        return user if user is not None and wanted in (user.id, user.principal.lower()) else None

    def find_group(self, which: str) -> Group | None:
        """Return the group with this id or mail."""
        return self.groups.get(which.lower()) or self._groups_by_mail.get(which.lower())

    def members(self, group: Group) -> list[Member]:
        """Return the direct members."""
        return [self._member(m) for m in group.members]

    def transitive_members(self, group: Group) -> list[Member]:
        """Return all members, nested ones too, each once; a circle of groups ends."""
        found: dict[str, Member] = {}
        waiting = list(group.members)
        while waiting:
            member = waiting.pop(0)
            if member in found or member == group.id:
                continue
            found[member] = self._member(member)
            if member in self.groups:
                waiting.extend(self.groups[member].members)
        return list(found.values())

    def people_of(self, address: str) -> list[User]:
        """Return the users that a mail to a group's address reaches, [] when it is no group."""
        group = self._groups_by_mail.get(address.lower())
        if group is None:
            return []
        return [m for m in self.transitive_members(group) if isinstance(m, User)]

    def addresses_of(self, address: str) -> list[str]:
        """The addresses that a mail to a group reaches, contacts too; [] when it is no group."""
        group = self._groups_by_mail.get(address.lower())
        members = self.transitive_members(group) if group is not None else ()
        return [m.mail for m in members if not isinstance(m, Group) and m.mail]

    def _member(self, identity: str) -> Member:
        return self.users.get(identity) or self.contacts.get(identity) or self.groups[identity]

    def _index(self, user: User) -> None:
        for address in user.addresses:
            self._by_address[address] = user

    def _group(self, which: str) -> Group:
        group = self.find_group(which)
        if group is None:
            raise KeyError(f"no group {which}")
        return group

    def _member_id(self, who: str) -> str:
        found = self.find_user(who) or self.find_group(who) or self.contacts.get(who)
        if found is None:
            raise KeyError(f"no user, contact or group {who}")
        return found.id

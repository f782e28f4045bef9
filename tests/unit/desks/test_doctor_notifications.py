"""Which address Graph can call: public and https; this machine only where Graph is on this machine, too."""

from __future__ import annotations

import pytest

from bot.desks.doctor.subscriptions import notification_findings
from bot.rounds.subscriptions import notification_address
from config.settings import Settings

SECRET = "en-lang-hemmelighed-som-kun-findes-i-test"
SIMULATED = {"base_url": "http://127.0.0.1:8111/v1.0", "credential": "static_token", "static_token": "sandbox"}
PUBLIC, LOCAL = "https://kurser.kommune.example", "http://127.0.0.1:8000"


def settings(base_url, **more):
    web = {"base_url": base_url, "secret_key": SECRET} if base_url else {}
    return Settings(web=web, **more)


@pytest.mark.parametrize(
    ("base_url", "graph", "address"),
    [
        (None, {}, None),
        (PUBLIC, {}, PUBLIC),
        (PUBLIC + "/", {}, PUBLIC),
        (LOCAL, {}, None),
        (LOCAL, SIMULATED, LOCAL),
        (PUBLIC, SIMULATED, PUBLIC),
    ],
)
def test_plain_http_is_for_the_sandbox_only(base_url, graph, address):
    assert notification_address(settings(base_url, graph=graph)) == address


def test_doctor_says_that_microsoft_calls_https_only():
    (found,) = notification_findings(settings(LOCAL), None)
    assert (found.state, found.message) == ("unknown", "doctor.notifications_http")
    assert [*notification_findings(settings(PUBLIC), None)] == []

"""Tokens: fetched once, renewed in time, and never shown."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.aside import Aside
from bot.domain.errors import InputError, SignInFailed
from bot.domain.people import Language
from bot.graph.credentials import RENEW_BEFORE_SECONDS, TokenSource, build_credential, scope_of
from bot.i18n.catalogue import error_text
from config.graph_settings import GraphSettings
from tests.unit.graph.talk import NOW, SECRET, Sign, client_settings

if TYPE_CHECKING:
    from pathlib import Path


class Time:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def source(sign: Sign, time: Time, **settings: Any) -> TokenSource:
    return TokenSource(client_settings(**settings), build=lambda _: sign, clock=time)


def test_a_token_is_fetched_once_however_many_ask() -> None:
    """Four requests start at the same time; the sign-in service is asked once, for Graph's own scope."""

    async def scene() -> None:
        time = Time()
        sign = Sign(clock=time)
        tokens = source(sign, time)
        assert set(await asyncio.gather(*(tokens.fetch_token() for _ in range(8)))) == {"token-1"}
        assert sign.asked == [("https://graph.microsoft.com/.default",)]

    asyncio.run(scene())


def test_a_token_is_renewed_before_it_expires() -> None:
    """No request leaves with a token that dies on the way."""

    async def scene() -> None:
        time = Time()
        tokens = source(Sign(clock=time, lives=3600), time)
        assert await tokens.fetch_token() == "token-1"
        time.seconds += 3600 - RENEW_BEFORE_SECONDS - 1
        assert await tokens.fetch_token() == "token-1"
        time.seconds += 1
        assert await tokens.fetch_token() == "token-2"

    asyncio.run(scene())


def test_a_process_that_ends_does_not_wait_for_a_sign_in_that_hangs() -> None:
    """Entra is behind a wall that swallows everything: the library would wait for minutes."""
    hangs = threading.Event()

    class Hanging(Sign):
        def get_token(self, *_scopes: str, **_more: Any) -> Any:
            hangs.wait(30)

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await source(Hanging(clock=Time()), Time()).fetch_token()

    asyncio.run(scene())
    assert not hangs.is_set()
    waiting = [thread for thread in threading.enumerate() if thread.name == "sign-in"]
    assert [thread.daemon for thread in waiting] == [True]
    hangs.set()
    waiting[0].join(5)


def test_a_sign_in_that_hangs_is_told_and_not_begun_again_while_it_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files may lie on a drive that is gone. Whoever asks meanwhile is told so at once."""
    monkeypatch.setattr("bot.graph.credentials.SIGN_IN_SECONDS", 0.05)
    hangs, begun = threading.Event(), []

    class Hanging(Sign):
        def get_token(self, *scopes: str, **more: Any) -> Any:
            begun.append(1)
            hangs.wait(30)
            return super().get_token(*scopes, **more)

    async def scene() -> None:
        time = Time()
        tokens = source(Hanging(clock=time), time)
        for _ in range(3):
            with pytest.raises(SignInFailed) as caught:
                await tokens.fetch_token()
            assert caught.value.code == "graph_sign_in_hangs"
            assert error_text(Language.DA, caught.value)
        (thread,) = [one for one in threading.enumerate() if one.name == "sign-in"]
        hangs.set()
        await asyncio.to_thread(thread.join, 5)
        assert len(begun) == 1
        # With patience for a machine that is busy.
        monkeypatch.setattr(tokens, "_aside", Aside("sign-in", 30))
        assert await tokens.fetch_token()

    asyncio.run(scene())


def test_a_failed_renewal_does_not_end_a_run_whose_token_still_works() -> None:
    """The next call tries again; after the real end it is final."""

    async def scene() -> None:
        time = Time()
        sign = Sign(clock=time, lives=3600)
        tokens = source(sign, time)
        await tokens.fetch_token()
        time.seconds += 3600 - 60
        sign.fails = [ClientAuthenticationError("down"), ClientAuthenticationError("down")]
        assert await tokens.fetch_token() == "token-1"
        time.seconds += 61
        with pytest.raises(SignInFailed):
            await tokens.fetch_token()

    asyncio.run(scene())


def test_a_forced_renewal_goes_past_the_librarys_own_cache_and_happens_once() -> None:
    """Four requests are refused at the same time; one renewal serves them all."""

    async def scene() -> None:
        time = Time()
        sign = Sign(clock=time)
        tokens = source(sign, time)
        stale = await tokens.fetch_token()
        assert set(await asyncio.gather(*(tokens.renew_token(stale) for _ in range(4)))) == {"token-2"}
        assert sign.closed == 1

    asyncio.run(scene())


def test_a_static_token_stays_the_same_and_needs_loopback() -> None:
    """The sandbox's token; a real Graph never gets one."""
    settings = GraphSettings(base_url="http://127.0.0.1:1/v1.0", credential="static_token", static_token="sandbox")  # type: ignore[arg-type]  # as read from the environment

    async def scene() -> None:
        tokens = TokenSource(settings)
        assert await tokens.fetch_token() == "sandbox"
        assert await tokens.renew_token("sandbox") == "sandbox"
        with pytest.raises(InputError):
            TokenSource(settings.model_copy(update={"base_url": "https://graph.microsoft.com/v1.0"}))

    asyncio.run(scene())


def test_a_refused_sign_in_names_entras_code_and_no_secret() -> None:
    """Neither in the text, nor in the error, nor in what it came from."""

    async def scene() -> SignInFailed:
        time = Time()
        message = f"AADSTS7000215: Invalid client secret provided: {SECRET} for anna@kommune.example\nTrace ID: 1"
        sign = Sign(clock=time, fails=[ClientAuthenticationError(message)])
        with pytest.raises(SignInFailed) as caught:
            await source(sign, time).fetch_token()
        return caught.value

    error = asyncio.run(scene())
    assert error.graph_code == "AADSTS7000215"
    assert error.__cause__ is None
    for text in (repr(error), str(error), error_text(Language.DA, error), error_text(Language.EN, error)):
        assert SECRET not in text
        assert "anna" not in text
        assert "Trace" not in text


def test_an_unknown_failure_of_the_library_stays_a_bug() -> None:
    """Only what signing in can cause is told as such."""

    async def scene() -> None:
        time = Time()
        with pytest.raises(TypeError):
            await source(Sign(clock=time, fails=[TypeError("x")]), time).fetch_token()  # type: ignore[list-item]  # any exception will do

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("base_url", "scope"),
    [
        ("https://graph.microsoft.com/v1.0", "https://graph.microsoft.com/.default"),
        ("https://graph.microsoft.us/v1.0", "https://graph.microsoft.us/.default"),
        ("https://microsoftgraph.chinacloudapi.cn/v1.0/", "https://microsoftgraph.chinacloudapi.cn/.default"),
    ],
)
def test_the_scope_follows_the_cloud(base_url: str, scope: str) -> None:
    """National clouds have their own Graph."""
    assert scope_of(base_url) == scope


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"credential": "client_secret", "tenant_id": "t"}, "ClientSecretCredential"),
        ({"credential": "managed_identity", "client_id": None}, "ManagedIdentityCredential"),
        ({"credential": "default"}, "DefaultAzureCredential"),
    ],
)
def test_each_kind_is_azure_identitys_own(settings: dict[str, Any], kind: str) -> None:
    """Nothing is asked while a credential is made."""
    credential = build_credential(client_settings(**settings))
    assert type(credential).__name__ == kind
    credential.close()


def test_workload_identity_takes_its_token_file_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As AKS sets it."""
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "token"))
    credential = build_credential(client_settings(credential="workload_identity"))
    assert type(credential).__name__ == "WorkloadIdentityCredential"
    credential.close()


@pytest.mark.parametrize("encoding", ["pem", "pfx"])
def test_a_certificate_is_read_from_a_pem_or_pfx_file(tmp_path: Path, encoding: str) -> None:
    """With its key; a PFX with its password."""
    path = tmp_path / f"certificate.{encoding}"
    path.write_bytes(certificate(encoding, b"kode"))
    settings = client_settings(
        credential="certificate", certificate_path=str(path), certificate_password="kode" if encoding == "pfx" else None
    )
    credential = build_credential(settings)
    assert type(credential).__name__ == "CertificateCredential"
    credential.close()


@pytest.mark.parametrize(("content", "code"), [(None, "graph_certificate_unreadable"), (b"not a certificate", "graph_sign_in_failed")])
def test_a_certificate_that_cannot_be_used_is_told_as_such(tmp_path: Path, content: bytes | None, code: str) -> None:
    """No traceback for a wrong path or file."""
    path = tmp_path / "certificate.pem"
    if content is not None:
        path.write_bytes(content)
    settings = client_settings(credential="certificate", certificate_path=str(path))

    async def scene() -> None:
        with pytest.raises(SignInFailed) as caught:
            await TokenSource(settings).fetch_token()
        assert caught.value.code == code

    asyncio.run(scene())


def test_azure_identity_is_imported_only_when_it_is_needed() -> None:
    """The sandbox and the demo start without it."""
    heavy = ["azure.identity", "msgraph.generated.models"]
    code = f"import sys, bot.graph.calendar, bot.graph.directory; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def certificate(encoding: str, password: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import pkcs12

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kursusbot")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW.replace(year=NOW.year + 1))
    made = builder.sign(key, hashes.SHA256())
    if encoding == "pfx":
        return pkcs12.serialize_key_and_certificates(b"kursusbot", key, made, None, serialization.BestAvailableEncryption(password))
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(
        serialization.Encoding.PEM
    )

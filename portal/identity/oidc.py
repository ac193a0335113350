"""The portal as OpenID Connect client: code flow with PKCE on Authlib, and the checks Authlib does not make.

Authlib's web integrations keep the state in the session cookie, where abandoned logins pile up until no login works.
Here the caller keeps each attempt in the server-side session (`portal.identity.attempts`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from requests import RequestException
from requests.adapters import BaseAdapter

from portal.clock import Clock, SystemClock
from portal.identity import checks, logout
from portal.identity.attempts import LoginAttempt, expiry
from portal.identity.client_key import client_key
from portal.identity.levels import higher
from portal.identity.network import TIMEOUT
from portal.identity.people import Identity, Login, StaffIdentity
from portal.identity.profiles import CITIZEN, STAFF, Profile, dialect_of
from portal.identity.provider import Provider
from portal.identity.readers import Believed, read_citizen, read_staff
from portal.identity.refusals import LoginRefused
from portal.identity.tokens import TokenReader, claimed_issuer
from portal.settings import EidSettings

Person = TypeVar("Person", bound=Login)


class EidClient(Generic[Person]):
    """Logs people in at one issuer. Make one per process; threads may share it.

    `clock` is the clock tokens are measured by, the machine's own even when the demo has moved its date. `http` is the way
    out to the network (a requests adapter), `ticks` what the age of what is known of the issuer is counted by. With a private key in the settings the client proves itself by private_key_jwt
    instead of a secret.
    """

    def __init__(
        self,
        settings: EidSettings,
        profile: Profile,
        read: Callable[[Profile, Believed], Person],
        *,
        demo: bool = False,
        http: BaseAdapter | None = None,
        clock: Clock | None = None,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._settings = settings
        self._profile = profile
        self._read = read
        self._min_loa = settings.min_loa
        self._key = client_key(settings.private_key) if settings.private_key else None
        self._clock = clock or SystemClock()
        self._provider = Provider(settings.issuer, demo=demo, http=http, ticks=ticks)
        self._tokens = TokenReader(self._provider, settings.client_id, clock=self._clock, algorithms=settings.algorithms)

    @property
    def origins(self) -> frozenset[str]:
        """Origins a form of ours may end up at by redirect; for the form-action rule of the Content-Security-Policy."""
        parts = urlsplit(self._settings.issuer)
        return frozenset({f"{parts.scheme}://{parts.netloc}"})

    def check(self) -> None:
        """Ask the issuer for its discovery document. Raises LoginRefused when it cannot be used."""
        self._provider.metadata()

    def begin(
        self,
        redirect_uri: str,
        *,
        fresh: bool = False,
        max_age: int = 0,
        min_loa: str | None = None,
        locale: str = "da",
        purpose: str = "login",
        next_path: str = "/",
    ) -> LoginAttempt:
        """Begin a login; send the person to the attempt's `url` and keep the rest in their session.

        `fresh` demands that they identify themselves now, even if the broker still knows them; `max_age` is how many
        seconds old that login may be when it is used. `min_loa` raises the level above the one in the settings. Raises
        LoginRefused when the issuer cannot be used.
        """
        metadata = self._provider.metadata()
        level = higher(self._min_loa, min_loa)
        state, nonce, verifier = generate_token(32), generate_token(32), generate_token(64)
        again = {"prompt": "login", "max_age": str(max_age)} if fresh else {}
        url, _state = self._session(redirect_uri).create_authorization_url(
            metadata["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            **again,
            **self._profile.ask(level, locale),
        )
        now = self._clock.now()
        return LoginAttempt(
            url=url,
            issuer=self._settings.issuer,
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            redirect_uri=redirect_uri,
            fresh=fresh,
            min_loa=level,
            purpose=purpose,
            next_path=next_path,
            begun=now.timestamp(),
            expires=expiry(now),
        )

    def finish(self, attempt: LoginAttempt | None, params: Mapping[str, str]) -> Person:
        """The person who came back with these query parameters, or LoginRefused.

        `attempt` is what `OpenAttempts.take` found for ``params["state"]`` in this session: None is refused.
        """
        if attempt is None:
            raise LoginRefused("unknown_state", "no login with this state is under way in the session")
        checks.own_attempt(attempt, params, self._settings.issuer, self._clock.now())
        checks.right_issuer(params, self._provider.metadata())
        code = checks.code(params)
        session = self._session(attempt.redirect_uri)
        token = self._exchange(session, attempt, code)
        id_token = token.get("id_token")
        if not isinstance(id_token, str) or not id_token:
            raise LoginRefused("no_id_token", "the answer has no ID token")
        id_claims = self._tokens.id_token(id_token, nonce=attempt.nonce, access_token=token.get("access_token"))
        try:
            claims = {**self._userinfo(session, token, id_claims["sub"]), **id_claims}
            checks.fresh_enough(attempt, id_claims)
            level = checks.secure_enough(attempt, self._profile.level(claims))
            return self._read(self._profile, Believed(claims, level, id_token, id_claims))
        except LoginRefused as refused:
            refused.account = f"{id_claims['iss']}#{id_claims['sub']}"
            raise

    def logout_url(self, id_token: str, return_to: str) -> str | None:
        """Where to send the person so that the broker forgets them too; None when the broker has no such address, or it is not known.

        Nobody waits for the broker to be logged out: it is not asked.
        `id_token` is the login's `id_token_for_logout`; empty is allowed, and some brokers then ask before they log out.
        """
        return logout.end_session_url(self._provider.metadata_if_known(), self._settings.client_id, id_token, return_to)

    def is_named_by(self, token: str) -> bool:
        """Whether a token says that it is from this issuer, which proves nothing."""
        return claimed_issuer(token).rstrip("/") == self._settings.issuer

    def read_logout_token(self, token: str) -> logout.LoggedOut:
        """Whose session a back-channel logout token ends, or LoginRefused."""
        return logout.read_logout_token(
            self._tokens.signed(token),
            issuer=self._provider.metadata()["issuer"],
            client_id=self._settings.client_id,
            now=self._clock.now(),
        )

    def _exchange(self, session: OAuth2Session, attempt: LoginAttempt, code: str) -> Mapping[str, Any]:
        try:
            return session.fetch_token(
                self._provider.metadata()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.code_verifier,
                redirect_uri=attempt.redirect_uri,
                allow_redirects=False,
            )
        except AuthlibBaseError:
            raise LoginRefused("code_refused", "the issuer refused the code or the client") from None
        except RequestException:
            raise LoginRefused("provider_unreachable", "the token endpoint did not answer") from None
        except (ValueError, TypeError, RecursionError):
            raise LoginRefused("provider_nonsense", "the token endpoint's answer cannot be read") from None

    def _userinfo(self, session: OAuth2Session, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """The userinfo claims where the broker has any, of the same person as the ID token."""
        endpoint = self._provider.metadata().get("userinfo_endpoint")
        if not self._profile.userinfo or not endpoint:
            return {}
        if not token.get("access_token"):
            raise LoginRefused("no_access_token", "the answer has no access token for userinfo")
        try:
            answer = session.get(endpoint, allow_redirects=False)
            found = answer.json() if answer.status_code == 200 else None
        except AuthlibBaseError:
            raise LoginRefused("provider_nonsense", "the access token cannot be used") from None
        except (ValueError, RecursionError):
            raise LoginRefused("provider_nonsense", "the userinfo cannot be read") from None
        except RequestException:
            raise LoginRefused("provider_unreachable", "the userinfo endpoint did not answer") from None
        if not isinstance(found, dict):
            raise LoginRefused("provider_nonsense", "the userinfo is not a JSON object")
        checks.same_person(found, subject)
        return found

    def _session(self, redirect_uri: str) -> OAuth2Session:
        session = OAuth2Session(
            self._settings.client_id,
            self._key.key if self._key else self._settings.client_secret,
            token_endpoint_auth_method="private_key_jwt" if self._key else "client_secret_basic",
            scope=self._profile.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            leeway=0,
            default_timeout=TIMEOUT,
        )
        if self._key:
            session.register_client_auth_method(PrivateKeyJWT(alg=self._key.algorithm))
        self._provider.prepare(session)
        return session


def citizen_client(settings: EidSettings, **options: Any) -> EidClient[Identity]:
    """The client citizens log in with, in the dialect of `settings`; `options` are those of EidClient."""
    return EidClient(settings, dialect_of(settings, CITIZEN), read_citizen, **options)


def staff_client(settings: EidSettings, **options: Any) -> EidClient[StaffIdentity]:
    """The client staff log in with, in the dialect of `settings`; `options` are those of EidClient."""
    return EidClient(settings, dialect_of(settings, STAFF), read_staff, **options)

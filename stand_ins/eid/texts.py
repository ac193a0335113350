"""The stand-in's own few words, in Danish and English."""

from __future__ import annotations

TEXTS = {
    "da": {
        "banner": "Opdigtede personer. Dette er ikke MitID, og ingen af dem findes.",
        "title_citizen": "Vælg, hvem du vil prøve som",
        "title_staff": "Vælg, hvilken medarbejder du vil prøve som",
        "lead": "Her logger du ind i demoen uden kode. Tryk på et navn.",
        "more": "Andre måder at logge ind på",
        "low": "Log ind med lavt sikringsniveau",
        "high": "Log ind med højt sikringsniveau",
        "cancel": "Afbryd login",
        "refused": "Loginnet kan ikke gennemføres",
        "refused_why": "Forespørgslen passer ikke til en portal, demoen kender. Gå tilbage til portalen, og begynd forfra.",
        "left": "Du er logget ud",
        "left_why": "Luk vinduet, eller gå tilbage til portalen.",
    },
    "en": {
        "banner": "Made-up people. This is not MitID, and none of them exist.",
        "title_citizen": "Choose who to be",
        "title_staff": "Choose which member of staff to be",
        "lead": "Log in to the demo here without a code. Press a name.",
        "more": "Other ways to log in",
        "low": "Log in with a low level of assurance",
        "high": "Log in with a high level of assurance",
        "cancel": "Stop the login",
        "refused": "The login cannot be completed",
        "refused_why": "The request does not fit a portal the demo knows. Go back to the portal and begin again.",
        "left": "You are logged out",
        "left_why": "Close the window, or go back to the portal.",
    },
}


def language(*wishes: str | None) -> str:
    """The first language of the wishes that we have, else Danish.

    >>> language(None, "en-GB da")
    'en'
    """
    for wish in " ".join(each or "" for each in wishes).lower().split():
        if wish[:2] in TEXTS:
            return wish[:2]
    return "da"

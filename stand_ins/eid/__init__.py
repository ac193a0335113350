"""The eID stand-in: an OpenID Connect issuer with made-up people, one for citizens and one for staff."""

from stand_ins.eid.app import create_app
from stand_ins.eid.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Client, demo_client

__all__ = ["DEMO_CLIENT_ID", "DEMO_CLIENT_SECRET", "Client", "create_app", "demo_client"]

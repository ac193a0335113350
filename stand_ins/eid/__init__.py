"""The eID stand-in: an OpenID Connect issuer with made-up people, one for citizens and one for staff.

`app.create_app` makes it, `clients` says who may use it, `serving` runs it, `python -m stand_ins.eid` does all three.
"""

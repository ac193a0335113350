"""The WSGI application, for any WSGI server: ``gunicorn wsgi:app``."""

from portal import create_app
from portal.web.logs import set_up_logs

# Here and not in create_app: logs belong to the process, and a process may hold several applications.
set_up_logs()
app = create_app()

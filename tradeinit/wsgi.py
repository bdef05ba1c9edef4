import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeinit.settings")
# No reader's question may hold the database for longer.
os.environ.setdefault("STATEMENT_TIMEOUT", "10")

application = get_wsgi_application()

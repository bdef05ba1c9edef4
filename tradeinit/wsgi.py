import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeinit.settings")
# No reader's question may hold the database for longer.
os.environ.setdefault("STATEMENT_TIMEOUT", "10")

of_django = get_wsgi_application()

# Only now can models be imported.
from tradeinit.repeated import before  # noqa: E402

application = before(of_django)

# What has been loaded stays. To look through it for garbage while questions are answered took a
# fifth of the time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

"""A replica that cannot be reached is noted, so that the primary is asked instead."""

import pytest
from django.db import OperationalError, connection

from tests.services import free_port
from tradeinit.replicas import reading
from tradeinit.replicas.base import DatabaseWrapper


@pytest.mark.django_db
def test_a_replica_that_takes_no_connection_has_failed() -> None:
    """As a thread finds it that had none to it before."""
    nobody = {"HOST": "127.0.0.1", "PORT": free_port(), "NAME": "record", "USER": "reader"}
    empty = {"PASSWORD": "", "CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": 0, "AUTOCOMMIT": True}
    settings = connection.settings_dict | nobody | empty | {"OPTIONS": {"connect_timeout": 1}}
    replica = DatabaseWrapper(settings, alias="replica1")

    with reading.from_replica("replica1") as attempt, pytest.raises(OperationalError):
        replica.ensure_connection()

    assert attempt.failed

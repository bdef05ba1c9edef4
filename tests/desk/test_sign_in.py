"""Who comes in, for how long, and what a publisher must prove before the public is told."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rounds.models import Round
from tests import factories
from tests.desk.forms import decide, filled, stale
from tradeinit.desk.models import FailedSignIn
from tradeinit.publication.models import Publication

LOGIN = "/admin/login/"
WRONG = "The username and/or password you specified are not correct."


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, username: str = "staff", password: str = factories.PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def current_code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def said(response) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


# Coming in


def test_staff_come_in_by_name_and_password_at_the_address_of_old(db):
    factories.staff()
    client = Client()

    answer = sign_in(client, next="/admin/rounds/round/")

    assert answer.url == "/admin/rounds/round/"
    assert client.get("/admin/").status_code == 200


def test_who_is_no_staff_is_told_the_same_as_who_gives_a_wrong_password(db):
    factories.staff()
    factories.user(username="reader", password=factories.PASSWORD)

    answers = [
        sign_in(Client(), "staff", "wrong"),
        sign_in(Client(), "nobody", "wrong"),
        sign_in(Client(), "reader", factories.PASSWORD),
    ]

    assert [WRONG in said(answer) for answer in answers] == [True] * 3
    assert {answer.status_code for answer in answers} == {200}


def test_a_name_is_locked_after_five_failures_whether_it_exists_or_not(db, trust):
    factories.staff()

    for name in ("staff", "nobody"):
        answers = [said(sign_in(Client(), name, "wrong")) for _ in range(6)]
        assert [WRONG in one for one in answers] == [True] * 5 + [False]
        cache.clear()  # The lock holds without it.
        assert "Too many failed login attempts" in said(sign_in(Client(), name))

    assert factories.PASSWORD not in str(list(FailedSignIn.objects.values()))
    trust(23, "a name is locked after five failures, whether it exists or not")


def test_the_lock_opens_after_a_quarter_of_an_hour(db):
    factories.staff()
    for _ in range(5):
        sign_in(Client(), "staff", "wrong")
    cache.clear()
    assert "Too many failed" in said(sign_in(Client()))

    FailedSignIn.objects.update(at=factories.PUBLISHED)

    assert sign_in(Client()).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "other", "locked"),
    [
        # Behind our proxy each is counted for himself.
        (1, "203.0.113.9", False),
        (1, "198.51.100.7", True),
        (1, "203.0.113.9, 198.51.100.7", True),
        (1, "2001:db8::2", False),
        # What is forwarded is believed of nobody else.
        (0, "203.0.113.9", True),
    ],
)
def test_one_who_guesses_locks_out_nobody_behind_another_address(
    db, settings, trust, proxies, other, locked
):
    settings.TRUSTED_PROXIES = proxies
    factories.staff()
    guesser = Client(headers={"X-Forwarded-For": "198.51.100.7"})
    for n in range(50):
        sign_in(guesser, f"nobody {n}", "wrong")
        cache.clear()

    answer = sign_in(Client(headers={"X-Forwarded-For": other}))

    assert ("Too many failed" in said(answer)) == locked
    trust(23, "a forged X-Forwarded-For: neither opens a lock nor locks out another")


def test_a_network_of_ipv6_addresses_is_locked_as_one(db, settings):
    settings.TRUSTED_PROXIES = 1
    for n in range(50):
        guesser = Client(headers={"X-Forwarded-For": f"2001:db8::{n:x}"})
        sign_in(guesser, f"nobody {n}", "wrong")
        cache.clear()
    factories.staff()

    answer = sign_in(Client(headers={"X-Forwarded-For": "2001:db8::ffff"}))

    assert "Too many failed" in said(answer)


def test_a_forgotten_password_is_set_anew_by_mail(db):
    user = factories.staff(email="staff@example.org")
    client = Client()

    client.post("/admin/account/password/reset/", {"email": "staff@example.org"})
    address = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    form = client.get(address, follow=True)
    client.post(
        form.request["PATH_INFO"],
        {"password1": "quite-another-one-9", "password2": "quite-another-one-9"},
    )

    user.refresh_from_db()
    assert user.check_password("quite-another-one-9")


def test_a_mail_is_not_told_whether_it_is_known(db):
    factories.staff(email="staff@example.org")

    answers = [
        Client().post("/admin/account/password/reset/", {"email": email}).url
        for email in ("staff@example.org", "nobody@example.org")
    ]

    assert answers[0] == answers[1]


def test_nobody_signs_up(db):
    form = {"username": "me", "password1": "a-long-one-9", "password2": "a-long-one-9"}

    Client().post("/admin/account/signup/", form)

    assert not get_user_model().objects.exists()


# A second factor


def test_a_publisher_without_a_second_factor_is_led_to_setting_one_up_and_comes_in_with_it(
    db, settings, trust
):
    settings.REQUIRE_SECOND_FACTOR = True
    user = factories.user(username="publisher", password=factories.PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="publishers"))
    client = Client()
    sign_in(client, "publisher")

    led = client.get("/admin/rounds/round/")
    activate = client.get(led.url)
    secret = activate.context["form"].secret
    client.post(led.url, {"code": current_code(secret)})

    assert led.url == "/admin/account/second-factor/totp/activate/"
    assert client.get("/admin/rounds/round/").status_code == 200
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    other = Client()
    asked = sign_in(other, "publisher")
    assert other.get("/admin/rounds/round/").status_code == 302
    assert asked.url.startswith("/admin/account/second-factor/authenticate/")
    other.post(asked.url, {"code": codes[0]})
    assert other.get("/admin/rounds/round/").status_code == 200
    assert codes[0] not in (
        Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    )
    trust(23, "a publisher comes in with a second factor only")


def test_an_editor_needs_none(db, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    user = factories.user(username="editor", is_staff=True)
    user.groups.add(Group.objects.get(name="editors"))
    client = Client()
    client.force_login(user)

    assert client.get("/admin/rounds/round/").status_code == 200


# How long it holds


@pytest.mark.parametrize(("minutes", "comes_in"), [(59, True), (61, False)])
def test_a_sign_in_ends_when_nobody_was_there_for_an_hour(clerk, minutes, comes_in):
    clerk.get("/admin/")
    session = clerk.session
    session["seen"] = time.time() - minutes * 60
    session.save()

    assert (clerk.get("/admin/").status_code == 200) is comes_in


def test_a_sign_in_ends_after_twelve_hours_however_busy_it_was(clerk):
    clerk.get("/admin/")
    session = clerk.session
    session["began"] = time.time() - 12 * 3600 - 1
    session.save()

    assert clerk.get("/admin/").status_code == 302


def test_a_form_sent_after_an_idle_hour_comes_back_filled(clerk):
    met = factories.round(public=False, label="First round")
    place = f"/admin/rounds/round/{met.pk}/change/"
    form = filled(clerk, place, label="Typed for an hour")
    session = clerk.session
    session["seen"] = time.time() - 61 * 60
    session.save()

    asked = clerk.post(place, form)
    sign_in(clerk)

    assert asked.url.startswith("/admin/login/")
    assert clerk.get(place).context["adminform"].form["label"].value() == "Typed for an hour"


# A fresh password


def test_publishing_wants_a_fresh_password_and_loses_nothing_on_the_way(clerk):
    met = factories.round(public=False)
    stale(clerk)

    asked = decide(clerk, "clear", met, reason="Ready.")
    assert asked.url.startswith("/admin/account/reauthenticate/?next=%2Fadmin%2Fdecide%2Fclear%2F")
    assert Publication.objects.filter(uid=met.uid).count() == 0
    back = clerk.post(asked.url, {"password": factories.PASSWORD, "next": "/admin/decide/clear/"})
    shown = clerk.get(back.url)

    assert shown.context["form"]["reason"].value() == "Ready."
    decide(clerk, "clear", met)
    assert Publication.objects.filter(uid=met.uid).count() == 1


def test_correcting_what_is_public_wants_a_fresh_password_and_a_draft_does_not(clerk):
    public = factories.round(label="First round")
    draft = factories.round(public=False, label="Draft")
    stale(clerk)

    asked = {}
    for row in (public, draft):
        place = f"/admin/rounds/round/{row.pk}/change/"
        form = filled(clerk, place, label="Changed", change_reason="Misprint.")
        asked[row] = clerk.post(place, form).url

    assert asked[public].startswith("/admin/account/reauthenticate/")
    assert Round.objects.get(pk=public.pk).label == "First round"
    assert Round.objects.get(pk=draft.pk).label == "Changed"


# Accounts


def test_accounts_and_groups_are_managed_at_the_desk_without_a_long_select(clerk):
    user = factories.user(username="editor", is_staff=True)
    editors = Group.objects.get(name="editors")
    place = f"/admin/auth/user/{user.pk}/change/"
    form = filled(clerk, place, groups=[str(editors.pk)])

    answer = clerk.post(place, form)

    assert answer.status_code == 302
    assert list(user.groups.all()) == [editors]
    for page in (place, f"/admin/auth/group/{editors.pk}/change/"):
        shown = clerk.get(page).content.decode()
        chosen = len(re.findall(r"<option[^>]*selected", shown))
        assert shown.count("<option") - chosen <= 100


def test_the_pages_of_the_account_keep_to_the_policy_and_set_no_inline_style(clerk):
    for place in (
        LOGIN,
        "/admin/account/second-factor/",
        "/admin/account/second-factor/totp/activate/",
        "/admin/account/reauthenticate/",
        "/admin/account/password/reset/",
        "/admin/account/password/change/",
    ):
        response = clerk.get(place, follow=True)
        page = response.content.decode()
        assert response.status_code == 200, place
        assert re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", page) == [], place
        assert "no-store" in response["Cache-Control"], place

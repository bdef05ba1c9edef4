"""The columns of each record of this app, as the API and the files show them."""

from rest_framework import serializers

from mandates.ledger import Basis
from mandates.models.statements import ChapterStatus
from mandates.serializers import (
    RECORD_FIELDS,
    ChapterLineageSerializer,
    ChapterSerializer,
    SourcedSerializer,
)
from rounds.models import (
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Undertaking,
)
from tradeinit.serializers import COMMON_FIELDS, KeyField


class PersonSerializer(SourcedSerializer):
    class Meta:
        model = Person
        fields = (*COMMON_FIELDS, "name", "native_name", "sort_name", *RECORD_FIELDS)


class RoundSerializer(SourcedSerializer):
    dates_in_words = serializers.CharField(
        read_only=True, help_text="As on the page: “14–17 January 2023”."
    )
    city = serializers.CharField(
        source="first_venue.city", read_only=True, default="", help_text="Of the first venue."
    )
    country = serializers.CharField(
        source="first_venue.country",
        read_only=True,
        default="",
        help_text="Under the name that the case uses.",
    )
    venue = serializers.CharField(
        source="first_venue.venue", read_only=True, default="", help_text="The building."
    )
    cities = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="All cities, in order."
    )
    host = KeyField(
        source="host.party",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The hosting party.",
    )

    class Meta:
        model = Round
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "label",
            "label_zh_hant",
            "number",
            "kind",
            "mode",
            "press_access",
            "state",
            "start",
            "end",
            "precision",
            "wording",
            "dates_in_words",
            "timezone",
            "city",
            "country",
            "venue",
            "cities",
            "host",
            "summary",
            "summary_zh_hant",
            "replaces",
            *RECORD_FIELDS,
        )


class OutcomeSerializer(SourcedSerializer):
    initiative = KeyField(source="round.initiative", read_only=True)

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "round",
            "chapter",
            "result",
            "summary",
            "summary_zh_hant",
            "wording",
            "statement",
            *RECORD_FIELDS,
        )
        # What is public has one; only drafts may lack it.
        extra_kwargs = {"result": {"allow_blank": False, "required": True}}


class ParticipationSerializer(SourcedSerializer):
    expands = {"person": Person}

    initiative = KeyField(source="round.initiative", read_only=True)
    party = KeyField(source="initiative_party.party", read_only=True)
    person = serializers.SerializerMethodField(
        help_text="Null where the person is not public by name, or no person is known."
    )
    # Not the person's own name: a body repeats nothing that another record may correct.
    name = serializers.CharField(
        source="public_name", read_only=True, help_text="As listed, where public."
    )
    title = serializers.CharField(
        source="title_as_listed", read_only=True, help_text="As listed at this round."
    )

    class Meta:
        model = Participation
        fields = (
            *COMMON_FIELDS,
            "initiative",
            "round",
            "party",
            "person",
            "name",
            "title",
            "title_zh_hant",
            "organization",
            "role",
            "mode",
            "note",
            "note_zh_hant",
            *RECORD_FIELDS,
        )

    def get_person(self, row: Participation) -> str | None:
        return row.person.slug if row.person and row.is_named else None


class SessionSerializer(SourcedSerializer):
    initiative = KeyField(source="round.initiative", read_only=True)

    class Meta:
        model = Session
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "round",
            "title",
            "title_zh_hant",
            "kind",
            "chapters",
            "starts",
            "ends",
            "timezone",
            "room",
            *RECORD_FIELDS,
        )


class TablingSerializer(SourcedSerializer):
    initiative = KeyField(source="initiative_party.initiative", read_only=True)
    party = KeyField(source="initiative_party.party", read_only=True)

    class Meta:
        model = Tabling
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "document",
            "party",
            "chapter",
            "round",
            "session",
            "act",
            "on",
            *RECORD_FIELDS,
        )
        extra_kwargs = {"on": {"source": "on_day"}}


class UndertakingSerializer(SourcedSerializer):
    expected_in_words = serializers.CharField(
        read_only=True, help_text="Empty where no time was named."
    )

    class Meta:
        model = Undertaking
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "round",
            "wording",
            "wording_zh_hant",
            "expected_from",
            "expected_to",
            "precision",
            "expected_in_words",
            "met_by",
            *RECORD_FIELDS,
        )


class RoundDetailSerializer(RoundSerializer):
    """A round with its own public children."""

    children = {
        "sessions": "sessions",
        "outcomes": "outcomes",
        "participations": "participations",
        "undertakings": "undertakings",
    }

    sessions = SessionSerializer(many=True, read_only=True)
    outcomes = OutcomeSerializer(many=True, read_only=True)
    participations = ParticipationSerializer(many=True, read_only=True)
    undertakings = UndertakingSerializer(many=True, read_only=True)

    class Meta(RoundSerializer.Meta):
        fields = (
            *RoundSerializer.Meta.fields,
            "sessions",
            "outcomes",
            "participations",
            "undertakings",
        )


# The serializers that write the bodies in the publication log.
BODIES = (
    PersonSerializer,
    RoundSerializer,
    SessionSerializer,
    OutcomeSerializer,
    ParticipationSerializer,
    TablingSerializer,
    UndertakingSerializer,
)


# The matrix of a case. Written by ``rounds.matrix``; here is what its answer holds.


class MatrixChapterSerializer(ChapterSerializer):
    changed = serializers.BooleanField(
        read_only=True, help_text="Whether it stands otherwise than before the last meeting."
    )

    class Meta(ChapterSerializer.Meta):
        fields: tuple[str, ...] = (*ChapterSerializer.Meta.fields, "changed")


class MatrixCellSerializer(OutcomeSerializer):
    status = serializers.ChoiceField(
        choices=ChapterStatus.choices,
        read_only=True,
        allow_null=True,
        help_text="The status that the statement it led to speaks of.",
    )
    claimed_by = serializers.CharField(
        read_only=True, allow_null=True, help_text="Who says so; null where it was said jointly."
    )

    class Meta(OutcomeSerializer.Meta):
        fields: tuple[str, ...] = (*OutcomeSerializer.Meta.fields, "status", "claimed_by")


class MatrixTotalSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=ChapterStatus.choices, allow_null=True)
    basis = serializers.ChoiceField(choices=Basis.choices)
    count = serializers.IntegerField()
    chapters = serializers.ListField(child=serializers.CharField())


class StatedSerializer(serializers.Serializer):
    """How many chapters there are, in the words of a source."""

    record = serializers.CharField(help_text="The mandate or agreement of which it is said.")
    document = serializers.CharField()
    locator = serializers.CharField()
    value = serializers.CharField()


class MatrixSerializer(serializers.Serializer):
    initiative = serializers.CharField()
    url = serializers.CharField()
    html_url = serializers.CharField()
    on = serializers.DateField(help_text="The day whose state is shown.")
    known = serializers.DateField(allow_null=True)
    meetings = RoundSerializer(many=True)
    chapters = MatrixChapterSerializer(many=True)
    cells = MatrixCellSerializer(many=True)
    lineage = ChapterLineageSerializer(many=True)
    totals = MatrixTotalSerializer(many=True)
    stated = StatedSerializer(many=True)

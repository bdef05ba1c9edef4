"""The columns of each record of this app, as the API and the files show them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mandates import ledger
from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Citation,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
    Representation,
    Statement,
)
from mandates.models.statements import AgreementStatus, ChapterStatus, Phase
from tradeinit.clocks import Clocks
from tradeinit.serializers import (
    COMMON_FIELDS,
    LOG_FIELDS,
    KeyField,
    RecordSerializer,
    RowSerializer,
)

RECORD_FIELDS = (*LOG_FIELDS, "sources")


class SourceSerializer(RowSerializer):
    document = KeyField(read_only=True)

    class Meta:
        model = Citation
        fields = ("document", "locator", "field", "value")


class SourcedSerializer(RecordSerializer):
    """A record with its sources: each names a document, a passage and the fact it supports."""

    sources = SourceSerializer(source="cited_passages", many=True, read_only=True)


class PartySerializer(SourcedSerializer):
    class Meta:
        model = Party
        fields = (*COMMON_FIELDS, "name", "name_zh_hant", "kind", "members", *RECORD_FIELDS)


class OrganizationSerializer(SourcedSerializer):
    class Meta:
        model = Organization
        fields = (
            *COMMON_FIELDS,
            "name",
            "name_zh_hant",
            "abbreviation",
            "kind",
            "party",
            "parent",
            *RECORD_FIELDS,
        )


class ClaimSerializer(serializers.Serializer):
    """One of the statements on which a current value rests."""

    statement = serializers.UUIDField(source="uid", help_text="The statement's uid.")
    value = serializers.CharField()
    claimed_by = KeyField(
        source="claimed_by.party",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Who says so; null where it was said jointly.",
    )
    effective_on = serializers.DateField()
    sources = SourceSerializer(source="cited_passages", many=True, read_only=True)


def standing_fields(name: str, standing: ledger.Standing) -> dict[str, Any]:
    claims = [_claim_writer().to_representation(claim) for claim in standing.claims]
    return {name: standing.value, f"{name}_basis": standing.basis, f"{name}_claims": claims}


@cache
def _claim_writer() -> ClaimSerializer:
    """One for all: building its fields costs more than using them."""
    return ClaimSerializer()


class InitiativeSerializer(SourcedSerializer):
    computed = ("phase", "phase_basis", "phase_claims")

    phase = serializers.ChoiceField(
        choices=Phase.choices,
        read_only=True,
        allow_null=True,
        help_text="Where the initiative stands; null where nothing is recorded, or disputed.",
    )
    phase_basis = serializers.ChoiceField(
        choices=ledger.Basis.choices,
        read_only=True,
        help_text="Whether the parties agree on the phase.",
    )
    phase_claims = ClaimSerializer(many=True, read_only=True)

    class Meta:
        model = Initiative
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "title",
            "title_zh_hant",
            "short_title",
            "short_title_zh_hant",
            "kind",
            "phase",
            "phase_basis",
            "phase_claims",
            "summary",
            "summary_zh_hant",
            "policy_basis",
            "policy_basis_zh_hant",
            "succeeds",
            *RECORD_FIELDS,
        )

    @classmethod
    def compute(cls, rows: Sequence[Any], clocks: Clocks) -> dict[Any, dict[str, Any]]:
        found = ledger.standings("initiative", [row.pk for row in rows], clocks)
        return {pk: standing_fields("phase", standing) for pk, standing in found.items()}


class InitiativePartySerializer(SourcedSerializer):
    class Meta:
        model = InitiativeParty
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "party",
            "designation",
            "designation_zh_hant",
            "role",
            "joined_on",
            "left_on",
            *RECORD_FIELDS,
        )


class RepresentationSerializer(SourcedSerializer):
    initiative = KeyField(source="initiative_party.initiative", read_only=True)
    party = KeyField(source="initiative_party.party", read_only=True)

    class Meta:
        model = Representation
        fields = (
            *COMMON_FIELDS,
            "initiative",
            "party",
            "organization",
            "capacity",
            "on_behalf_of",
            "from",
            "to",
            *RECORD_FIELDS,
        )
        extra_kwargs = {"from": {"source": "from_day"}, "to": {"source": "to_day"}}


class MandateSerializer(SourcedSerializer):
    # Which, and how many, it names.
    cited_besides = ("chapters",)

    issuer = KeyField(
        source="issuer.party",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The issuing party; null where it was issued jointly.",
    )

    class Meta:
        model = Mandate
        fields = (
            *COMMON_FIELDS,
            "initiative",
            "title",
            "title_zh_hant",
            "announced_on",
            "issuer",
            "supersedes",
            "summary",
            "summary_zh_hant",
            *RECORD_FIELDS,
        )


class ChapterSerializer(SourcedSerializer):
    computed = ("status", "status_basis", "status_claims")

    status = serializers.ChoiceField(
        choices=ChapterStatus.choices,
        read_only=True,
        allow_null=True,
        help_text="Where the chapter stands; null where nothing is recorded, or disputed.",
    )
    status_basis = serializers.ChoiceField(
        choices=ledger.Basis.choices,
        read_only=True,
        help_text="Whether the parties agree on the status.",
    )
    status_claims = ClaimSerializer(many=True, read_only=True)

    class Meta:
        model = Chapter
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "mandate",
            "order",
            "name",
            "name_zh_hant",
            "aim",
            "aim_zh_hant",
            "from",
            "to",
            "status",
            "status_basis",
            "status_claims",
            *RECORD_FIELDS,
        )
        extra_kwargs = {"from": {"source": "from_day"}, "to": {"source": "to_day"}}

    @classmethod
    def compute(cls, rows: Sequence[Any], clocks: Clocks) -> dict[Any, dict[str, Any]]:
        found = ledger.standings("chapter", [row.pk for row in rows], clocks)
        return {pk: standing_fields("status", standing) for pk, standing in found.items()}


class DocumentSerializer(SourcedSerializer):
    file = serializers.CharField(
        source="file_url",
        read_only=True,
        allow_null=True,
        help_text="Where the office’s own copy can be read; null where none is kept.",
    )

    class Meta:
        model = Document
        fields = (
            *COMMON_FIELDS,
            "initiative",
            "title",
            "title_zh_hant",
            "kind",
            "publisher",
            "language",
            "dated",
            "address",
            "archived",
            "file",
            "sha256",
            "withheld",
            "withheld_reason",
            "originators",
            "chapters",
            *RECORD_FIELDS,
        )


class AgreementSerializer(SourcedSerializer):
    computed = ("status", "status_basis", "status_claims")

    status = serializers.ChoiceField(
        choices=AgreementStatus.choices,
        read_only=True,
        allow_null=True,
        help_text="Where the agreement stands; null where nothing is recorded, or disputed.",
    )
    status_basis = serializers.ChoiceField(
        choices=ledger.Basis.choices,
        read_only=True,
        help_text="Whether the parties agree on the status.",
    )
    status_claims = ClaimSerializer(many=True, read_only=True)

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "ordinal",
            "title",
            "title_zh_hant",
            "short_title",
            "short_title_zh_hant",
            "status",
            "status_basis",
            "status_claims",
            "chapters",
            *RECORD_FIELDS,
        )

    @classmethod
    def compute(cls, rows: Sequence[Any], clocks: Clocks) -> dict[Any, dict[str, Any]]:
        found = ledger.standings("agreement", [row.pk for row in rows], clocks)
        return {pk: standing_fields("status", standing) for pk, standing in found.items()}


class ChapterLineageSerializer(SourcedSerializer):
    class Meta:
        model = ChapterLineage
        fields: tuple[str, ...] = (
            *COMMON_FIELDS,
            "initiative",
            "kind",
            "on",
            "precision",
            "from_chapters",
            "to_chapters",
            "former_name",
            "former_name_zh_hant",
            "note",
            *RECORD_FIELDS,
        )
        extra_kwargs = {"on": {"source": "on_day"}}


class StatementSerializer(SourcedSerializer):
    expands = {"initiative": Initiative}
    refers = ("subject",)
    for_machines = ("subject_kind",)

    initiative = KeyField(source="case", read_only=True)
    subject = serializers.SerializerMethodField(help_text="The slug of what it is about.")
    subject_kind = serializers.CharField(
        read_only=True, help_text="initiative, chapter or agreement."
    )
    claimed_by = KeyField(
        source="claimed_by.party",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The party that says so; null where it was said jointly.",
    )

    class Meta:
        model = Statement
        fields = (
            *COMMON_FIELDS,
            "initiative",
            "subject",
            "subject_kind",
            "value",
            "effective_on",
            "precision",
            "claimed_by",
            "wording",
            "corrects",
            *RECORD_FIELDS,
        )

    @extend_schema_field(serializers.SlugField)
    def get_subject(self, row: Statement) -> str:
        return row.subject.slug


class SeatDetailSerializer(InitiativePartySerializer):
    """A party's seat with the bodies through which it acts."""

    children = {"representation": "representations"}

    representation = RepresentationSerializer(many=True, read_only=True)

    class Meta(InitiativePartySerializer.Meta):
        fields = (*InitiativePartySerializer.Meta.fields, "representation")


class InitiativeDetailSerializer(InitiativeSerializer):
    """An initiative with its own public children."""

    children = {
        "parties": "initiative_parties",
        "mandates": "mandates",
        "chapters": "chapters",
        "lineage": "lineage",
        "agreements": "agreements",
        "statements": "statements",
    }

    parties = SeatDetailSerializer(many=True, read_only=True)
    mandates = MandateSerializer(many=True, read_only=True)
    chapters = ChapterSerializer(many=True, read_only=True)
    lineage = ChapterLineageSerializer(many=True, read_only=True)
    agreements = AgreementSerializer(many=True, read_only=True)
    statements = StatementSerializer(many=True, read_only=True)

    class Meta(InitiativeSerializer.Meta):
        fields = (
            *InitiativeSerializer.Meta.fields,
            "parties",
            "mandates",
            "chapters",
            "lineage",
            "agreements",
            "statements",
        )


# The serializers that write the bodies in the publication log.
BODIES = (
    PartySerializer,
    OrganizationSerializer,
    InitiativeSerializer,
    InitiativePartySerializer,
    RepresentationSerializer,
    MandateSerializer,
    ChapterSerializer,
    ChapterLineageSerializer,
    DocumentSerializer,
    AgreementSerializer,
    StatementSerializer,
)

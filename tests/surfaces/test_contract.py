"""The words that users and checks rely on: every resource, its columns and its questions."""

import pytest

from tests.surfaces.asking import LISTS
from tradeinit.api import RESOURCES
from tradeinit.filters import SURFACE_WORDS

# As docs and contract name them; a name and a title stand for both languages.
CONTRACT: dict[str, tuple[str, str]] = {
    "initiatives": (
        "title short_title kind summary policy_basis succeeds phase",
        "kind phase party",
    ),
    "parties": ("name kind members", "kind member_of"),
    "organizations": ("name abbreviation kind party parent", "kind party"),
    "mandates": ("initiative title announced_on issuer supersedes summary", "initiative"),
    "chapters": (
        "initiative order name aim mandate from to status",
        "initiative mandate status status_on",
    ),
    "documents": (
        "title kind publisher language dated address archived sha256 withheld withheld_reason "
        "initiative chapters",
        "initiative chapter kind publisher language dated_after dated_before withheld",
    ),
    "agreements": ("initiative ordinal title chapters", "initiative status"),
    "statements": (
        "subject subject_kind value effective_on precision claimed_by wording disclosed_on "
        "corrects",
        "initiative chapter agreement value claimed_by effective_after effective_before",
    ),
    "people": ("name", "party organization role initiative"),
    "rounds": (
        "initiative label number kind mode press_access state start end precision "
        "dates_in_words timezone city country venue cities host summary replaces",
        "initiative party chapter kind mode press_access state city country person organization "
        "number start_after start_before",
    ),
    "sessions": (
        "round title kind chapters starts ends timezone room",
        "initiative round chapter starts_after starts_before",
    ),
    "outcomes": (
        "round chapter result summary wording statement",
        "initiative round chapter result",
    ),
    "participations": (
        "round party person name title organization role mode note",
        "initiative round party person organization role",
    ),
    "tablings": (
        "document party chapter round session act on",
        "initiative chapter party act",
    ),
    "undertakings": (
        "initiative round wording expected_from expected_to precision met_by",
        "initiative round open",
    ),
    "changes": (
        "at resource uid slug action reason number digest",
        "resource initiative action since until",
    ),
}
# What there is besides: resources, columns and words that the contract does not promise.
BESIDES: dict[str, tuple[str, str]] = {
    "initiatives": ("phase_basis phase_claims", ""),
    "initiative-parties": (
        "initiative party designation role joined_on left_on",
        "initiative party role",
    ),
    "representations": (
        "initiative party organization capacity on_behalf_of from to",
        "initiative party organization capacity",
    ),
    "chapters": ("status_basis status_claims", ""),
    "documents": ("originators file", ""),
    "lineage": (
        "initiative kind on precision from_chapters to_chapters former_name note",
        "initiative kind",
    ),
    "agreements": ("short_title status status_basis status_claims", ""),
    "statements": ("initiative", ""),
    "people": ("native_name sort_name", ""),
    "rounds": ("wording", ""),
    "sessions": ("initiative", "kind"),
    "outcomes": ("initiative", ""),
    "participations": ("initiative", ""),
    "tablings": ("initiative", ""),
    "undertakings": ("expected_in_words", ""),
}
COMMON_FIELDS = "uid slug url html_url created updated disclosed_on sources"
COMMON_WORDS = "q ordering page page_size updated_since on known fields expand cursor"


def promised(resource: str, which: int) -> set[str]:
    tables = (CONTRACT.get(resource), BESIDES.get(resource))
    return {word for table in tables if table for word in table[which].split()}


def test_every_resource_is_one_of_these() -> None:
    assert set(RESOURCES) == set(CONTRACT) | set(BESIDES)


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_resource_has_the_columns_of_the_contract(resource: str) -> None:
    columns = set(RESOURCES[resource].serializer_class.field_names())

    common = set(COMMON_FIELDS.split()) if resource in LISTS else set()
    # Where a text exists in both languages, the second has a column beside the first.
    chinese = {name for name in columns if name.endswith("_zh_hant")}
    assert columns - chinese == promised(resource, 0) | common
    assert {name.removesuffix("_zh_hant") for name in chinese} <= columns


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_is_asked_with_the_words_of_the_contract(resource: str) -> None:
    words = {*RESOURCES[resource].filterset_class.base_filters, *SURFACE_WORDS}

    assert words == promised(resource, 1) | set(COMMON_WORDS.split()) | {"format"}


def test_names_and_titles_are_told_in_both_languages() -> None:
    columns = {
        (resource, name)
        for resource in CONTRACT
        for name in RESOURCES[resource].serializer_class.field_names()
    }

    there = {pair for pair in columns if pair[1] in ("name", "title", "short_title", "label")}
    one_language = {
        (resource, name) for resource, name in there if (resource, f"{name}_zh_hant") not in columns
    }

    # A person has a name in their own script; what a participation lists is as listed.
    assert one_language == {("people", "name"), ("participations", "name")}

"""Every question that a list can be asked, and which of the cast answer to it."""

STATEMENTS = [
    *("alpha phase", "alpha status", "alpha progress"),
    *("beta phase", "beta status", "beta progress"),
]
# For every word of every list: what is asked, and which of the cast answer to it.
ANSWERS: dict[str, dict[str, dict[str, list[str]]]] = {
    "initiatives": {
        "q": {"alpha initiative": ["alpha initiative"], "BETA": ["beta initiative"]},
        "kind": {"bilateral": ["alpha initiative"], "plurilateral": ["beta initiative"]},
        "phase": {"negotiating": ["alpha initiative"], "paused": ["beta initiative"]},
        "party": {"alpha-party": ["alpha initiative"], "beta-party": ["beta initiative"]},
        "ordering": {
            "title": ["alpha initiative", "beta initiative"],
            "-title": ["beta initiative", "alpha initiative"],
        },
    },
    "initiative-parties": {
        "q": {"alpha": ["alpha seat"], "party beta": ["beta seat"]},
        "initiative": {"alpha-initiative": ["alpha seat"], "beta-initiative": ["beta seat"]},
        "party": {"alpha-party": ["alpha seat"], "beta-party": ["beta seat"]},
        "role": {"negotiating": ["alpha seat"], "observer": ["beta seat"]},
        "ordering": {
            "joined_on": ["alpha seat", "beta seat"],
            "-joined_on": ["beta seat", "alpha seat"],
        },
    },
    "representations": {
        "q": {"alpha": ["alpha representation"], "BETA": ["beta representation"]},
        "initiative": {
            "alpha-initiative": ["alpha representation"],
            "beta-initiative": ["beta representation"],
        },
        "party": {"alpha-party": ["alpha representation"], "beta-party": ["beta representation"]},
        "organization": {
            "alpha-office": ["alpha representation"],
            "beta-office": ["beta representation"],
        },
        "capacity": {
            "auspices": ["alpha representation"],
            "lead_agency": ["beta representation"],
        },
        "ordering": {
            "capacity": ["alpha representation", "beta representation"],
            "-capacity": ["beta representation", "alpha representation"],
        },
    },
    "mandates": {
        "q": {"alpha": ["alpha mandate"], "mandate beta": ["beta mandate"]},
        "initiative": {"alpha-initiative": ["alpha mandate"], "beta-initiative": ["beta mandate"]},
        "ordering": {
            "announced_on": ["alpha mandate", "beta mandate"],
            "-announced_on": ["beta mandate", "alpha mandate"],
            "title": ["alpha mandate", "beta mandate"],
            "-title": ["beta mandate", "alpha mandate"],
        },
    },
    "chapters": {
        "q": {"alpha": ["alpha chapter"], "beta": ["beta chapter"]},
        "initiative": {"alpha-initiative": ["alpha chapter"], "beta-initiative": ["beta chapter"]},
        "mandate": {"alpha-mandate": ["alpha chapter"], "beta-mandate": ["beta chapter"]},
        "status": {"conceptual": ["alpha chapter"], "text_tabled": ["beta chapter"]},
        "status_on": {"2022-06-02": ["alpha chapter", "beta chapter"]},
        "ordering": {
            "order": ["alpha chapter", "beta chapter"],
            "-order": ["beta chapter", "alpha chapter"],
            "name": ["alpha chapter", "beta chapter"],
            "-name": ["beta chapter", "alpha chapter"],
        },
    },
    "parties": {
        "q": {"alpha": ["alpha bloc", "alpha party"], "beta party": ["beta party"]},
        "kind": {"state": ["alpha party"], "customs_territory": ["beta party"]},
        "member_of": {"alpha-bloc": ["alpha party"], "beta-bloc": ["beta party"]},
        "ordering": {
            "name": ["alpha bloc", "alpha party", "beta bloc", "beta party"],
            "-name": ["beta party", "beta bloc", "alpha party", "alpha bloc"],
        },
    },
    "organizations": {
        "q": {"alpha": ["alpha office"], "beta": ["beta office"]},
        "kind": {"ministry": ["alpha office"], "agency": ["beta office"]},
        "party": {"alpha-party": ["alpha office"], "beta-party": ["beta office"]},
        "ordering": {
            "name": ["alpha office", "beta office"],
            "-name": ["beta office", "alpha office"],
            "abbreviation": ["alpha office", "beta office"],
            "-abbreviation": ["beta office", "alpha office"],
        },
    },
    "documents": {
        "q": {"alpha": ["alpha document"], "beta": ["beta document"]},
        "initiative": {
            "alpha-initiative": ["alpha document"],
            "beta-initiative": ["beta document"],
        },
        "chapter": {"alpha-chapter": ["alpha document"], "beta-chapter": ["beta document"]},
        "kind": {"press_release": ["alpha document"], "mandate": ["beta document"]},
        "publisher": {"alpha-office": ["alpha document"], "beta-office": ["beta document"]},
        "language": {"en": ["alpha document"], "zh-hant": ["beta document"]},
        "withheld": {"false": ["alpha document"], "true": ["beta document"]},
        "dated_after": {"2022-06-02": ["beta document"], "2023-01-14": ["beta document"]},
        "dated_before": {"2022-06-01": ["alpha document"], "2023-01-13": ["alpha document"]},
        "ordering": {
            "dated": ["alpha document", "beta document"],
            "-dated": ["beta document", "alpha document"],
            "title": ["alpha document", "beta document"],
            "-title": ["beta document", "alpha document"],
        },
    },
    "agreements": {
        "q": {"alpha": ["alpha agreement"], "agreement beta": ["beta agreement"]},
        "initiative": {
            "alpha-initiative": ["alpha agreement"],
            "beta-initiative": ["beta agreement"],
        },
        "status": {"drafting": ["alpha agreement"], "signed": ["beta agreement"]},
        "ordering": {
            "ordinal": ["alpha agreement", "beta agreement"],
            "-ordinal": ["beta agreement", "alpha agreement"],
            "title": ["alpha agreement", "beta agreement"],
            "-title": ["beta agreement", "alpha agreement"],
        },
    },
    "lineage": {
        "q": {"alpha": ["alpha lineage"], "beta": ["beta lineage"]},
        "initiative": {"alpha-initiative": ["alpha lineage"], "beta-initiative": ["beta lineage"]},
        "kind": {"added": ["alpha lineage"], "deferred": ["beta lineage"]},
        "ordering": {
            "on": ["alpha lineage", "beta lineage"],
            "-on": ["beta lineage", "alpha lineage"],
        },
    },
    "statements": {
        "q": {"alpha": ["alpha phase"], "phase beta": ["beta phase"]},
        "initiative": {
            "alpha-initiative": ["alpha progress", "alpha status", "alpha phase"],
            "beta-initiative": ["beta progress", "beta status", "beta phase"],
        },
        "agreement": {"alpha-agreement": ["alpha progress"], "beta-agreement": ["beta progress"]},
        "chapter": {"alpha-chapter": ["alpha status"], "beta-chapter": ["beta status"]},
        "value": {"negotiating": ["alpha phase"], "text_tabled": ["beta status"]},
        "claimed_by": {"alpha-party": ["alpha phase"], "beta-party": ["beta phase"]},
        "effective_after": {
            "2022-06-04": ["beta progress", "beta status", "beta phase"],
            "2023-01-15": ["beta progress", "beta status"],
        },
        "effective_before": {
            "2022-06-01": ["alpha phase"],
            "2023-01-13": ["alpha progress", "alpha status", "alpha phase"],
        },
        "ordering": {
            "effective_on": STATEMENTS,
            "-effective_on": STATEMENTS[::-1],
            "disclosed_on": STATEMENTS,
            "-disclosed_on": STATEMENTS[::-1],
        },
    },
    "rounds": {
        "q": {"alpha": ["alpha round"], "beta": ["beta round"]},
        "initiative": {"alpha-initiative": ["alpha round"], "beta-initiative": ["beta round"]},
        "party": {"alpha-party": ["alpha round"], "beta-party": ["beta round"]},
        "chapter": {"alpha-chapter": ["alpha round"], "beta-chapter": ["beta round"]},
        "kind": {"full_round": ["alpha round"], "ministerial": ["beta round"]},
        "mode": {"in_person": ["alpha round"], "virtual": ["beta round"]},
        "press_access": {"closed": ["alpha round"], "open": ["beta round"]},
        "state": {"held": ["alpha round"], "announced": ["beta round"]},
        "city": {"taipei": ["alpha round"], "New York": ["beta round"]},
        "country": {"Taiwan": ["alpha round"], "united states": ["beta round"]},
        "person": {"alpha-person": ["alpha round"], "beta-person": ["beta round"]},
        "organization": {"alpha-office": ["alpha round"], "beta-office": ["beta round"]},
        "number": {"1": ["alpha round"], "2": ["beta round"]},
        "start_after": {"2022-06-02": ["beta round"], "2023-01-14": ["beta round"]},
        "start_before": {"2022-06-01": ["alpha round"], "2023-01-13": ["alpha round"]},
        "ordering": {
            "start": ["alpha round", "beta round"],
            "-start": ["beta round", "alpha round"],
            "end": ["alpha round", "beta round"],
            "-end": ["beta round", "alpha round"],
            "number": ["alpha round", "beta round"],
            "-number": ["beta round", "alpha round"],
            "label": ["alpha round", "beta round"],
            "-label": ["beta round", "alpha round"],
        },
    },
    "sessions": {
        "q": {"alpha": ["alpha session"], "session beta": ["beta session"]},
        "initiative": {"alpha-initiative": ["alpha session"], "beta-initiative": ["beta session"]},
        "round": {"alpha-round": ["alpha session"], "beta-round": ["beta session"]},
        "chapter": {"alpha-chapter": ["alpha session"], "beta-chapter": ["beta session"]},
        "kind": {"plenary": ["alpha session"], "press": ["beta session"]},
        "starts_after": {"2022-06-02": ["beta session"], "2023-01-14": ["beta session"]},
        "starts_before": {"2022-06-01": ["alpha session"], "2023-01-13": ["alpha session"]},
        "ordering": {
            "starts": ["alpha session", "beta session"],
            "-starts": ["beta session", "alpha session"],
            "round": ["alpha session", "beta session"],
            "-round": ["beta session", "alpha session"],
        },
    },
    "tablings": {
        "q": {"alpha": ["alpha tabling"], "document beta": ["beta tabling"]},
        "initiative": {"alpha-initiative": ["alpha tabling"], "beta-initiative": ["beta tabling"]},
        "chapter": {"alpha-chapter": ["alpha tabling"], "beta-chapter": ["beta tabling"]},
        "party": {"alpha-party": ["alpha tabling"], "beta-party": ["beta tabling"]},
        "act": {"proposal": ["alpha tabling"], "offer": ["beta tabling"]},
        "ordering": {
            "on": ["alpha tabling", "beta tabling"],
            "-on": ["beta tabling", "alpha tabling"],
        },
    },
    "undertakings": {
        "q": {"alpha": ["alpha undertaking"], "undertaking beta": ["beta undertaking"]},
        "initiative": {
            "alpha-initiative": ["alpha undertaking"],
            "beta-initiative": ["beta undertaking"],
        },
        "round": {"alpha-round": ["alpha undertaking"], "beta-round": ["beta undertaking"]},
        "open": {"false": ["alpha undertaking"], "true": ["beta undertaking"]},
        "ordering": {
            "expected_from": ["alpha undertaking", "beta undertaking"],
            "-expected_from": ["beta undertaking", "alpha undertaking"],
        },
    },
    "outcomes": {
        "q": {"alpha": ["alpha outcome"], "beta": ["beta outcome"]},
        "initiative": {"alpha-initiative": ["alpha outcome"], "beta-initiative": ["beta outcome"]},
        "round": {"alpha-round": ["alpha outcome"], "beta-round": ["beta outcome"]},
        "chapter": {"alpha-chapter": ["alpha outcome"], "beta-chapter": ["beta outcome"]},
        "result": {"discussed": ["alpha outcome"], "blocked": ["beta outcome"]},
        "ordering": {
            "round": ["alpha outcome", "beta outcome"],
            "-round": ["beta outcome", "alpha outcome"],
            "chapter": ["alpha outcome", "beta outcome"],
            "-chapter": ["beta outcome", "alpha outcome"],
        },
    },
    "participations": {
        "q": {"alpha": ["alpha participation"], "beta": ["beta participation"]},
        "initiative": {
            "alpha-initiative": ["alpha participation"],
            "beta-initiative": ["beta participation"],
        },
        "round": {"alpha-round": ["alpha participation"], "beta-round": ["beta participation"]},
        "party": {"alpha-party": ["alpha participation"], "beta-party": ["beta participation"]},
        "person": {"alpha-person": ["alpha participation"], "beta-person": ["beta participation"]},
        "organization": {
            "alpha-office": ["alpha participation"],
            "beta-office": ["beta participation"],
        },
        "role": {"head": ["alpha participation"], "co_head": ["beta participation"]},
        "ordering": {
            "round": ["alpha participation", "beta participation"],
            "-round": ["beta participation", "alpha participation"],
            "order": ["alpha participation", "beta participation"],
            "-order": ["beta participation", "alpha participation"],
        },
    },
    "people": {
        "q": {"alpha": ["alpha person"], "beta": ["beta person"]},
        "initiative": {"alpha-initiative": ["alpha person"], "beta-initiative": ["beta person"]},
        "party": {"alpha-party": ["alpha person"], "beta-party": ["beta person"]},
        "organization": {"alpha-office": ["alpha person"], "beta-office": ["beta person"]},
        "role": {"head": ["alpha person"], "co_head": ["beta person"]},
        "ordering": {
            "name": ["alpha person", "beta person"],
            "-name": ["beta person", "alpha person"],
        },
    },
}

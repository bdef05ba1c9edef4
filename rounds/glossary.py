"""What the words for meetings mean, and with those of the cases the whole glossary."""

from django.utils.translation import gettext_lazy as _

from mandates import glossary
from rounds.models import Outcome, Round, Session, Tabling, Undertaking
from rounds.models.people import Role
from tradeinit.glossary import Vocabulary

VOCABULARIES = (
    *glossary.VOCABULARIES,
    Vocabulary(
        "round-kind",
        _("Kinds of round"),
        Round.Kind,
        {
            Round.Kind.LAUNCH: _("The meeting at which an initiative is announced."),
            Round.Kind.SCOPING: _("Talks about what is to be negotiated."),
            Round.Kind.CONCEPTUAL: _("Talks about ideas, before there is text."),
            Round.Kind.FULL_ROUND: _("A meeting of whole delegations on many chapters."),
            Round.Kind.SPECIAL_ROUND: _("A round on one question or a few."),
            Round.Kind.INTERSESSIONAL: _("A meeting between two rounds."),
            Round.Kind.TECHNICAL: _("A meeting of experts."),
            Round.Kind.CHIEF_NEGOTIATORS: _(
                "A meeting of those who lead the negotiation day by day."
            ),
            Round.Kind.MINISTERIAL: _("A meeting of ministers or officials of that rank."),
            Round.Kind.STOCKTAKE: _("A meeting to see how far the talks have come."),
            Round.Kind.LEGAL_REVIEW: _("A meeting of lawyers on the agreed text."),
            Round.Kind.SIGNING: _("The meeting at which an agreement is signed."),
            Round.Kind.STAKEHOLDER_EVENT: _("A meeting with business, unions or the public."),
        },
    ),
    Vocabulary(
        "round-state",
        _("States of a round"),
        Round.State,
        {
            Round.State.ANNOUNCED: _("A source says that the meeting will take place."),
            Round.State.CONFIRMED: _("Both sides say so, or its details are public."),
            Round.State.UNDER_WAY: _("The meeting has begun and is not over."),
            Round.State.HELD: _("The meeting took place."),
            Round.State.POSTPONED: _("The meeting was put off."),
            Round.State.CANCELLED: _("The meeting will not take place."),
        },
    ),
    Vocabulary(
        "mode",
        _("Modes of meeting"),
        Round.Mode,
        {
            Round.Mode.IN_PERSON: _("Delegations sit in one place."),
            Round.Mode.VIRTUAL: _("Delegations meet by video or telephone."),
            Round.Mode.HYBRID: _("Some sit in one place, others join by video."),
            Round.Mode.WRITTEN: _("Views are exchanged on paper only."),
            Round.Mode.UNKNOWN: _("No source says how people met."),
        },
    ),
    Vocabulary(
        "press-access",
        _("Press access"),
        Round.PressAccess,
        {
            Round.PressAccess.CLOSED: _("The press is not admitted."),
            Round.PressAccess.PHOTO_ONLY: _("The press may take photographs and then leaves."),
            Round.PressAccess.STATEMENT: _(
                "A statement is read or handed out; no questions are taken."
            ),
            Round.PressAccess.BRIEFING: _("The press is briefed and may ask."),
            Round.PressAccess.OPEN: _("The press may be present."),
            Round.PressAccess.UNKNOWN: _("No source says it."),
        },
    ),
    Vocabulary(
        "session-kind",
        _("Kinds of session"),
        Session.Kind,
        {
            Session.Kind.PLENARY: _("The delegations meet as a whole."),
            Session.Kind.CHAPTER_GROUP: _("Those who negotiate one chapter or several."),
            Session.Kind.HEADS: _("The heads of the delegations meet alone."),
            Session.Kind.STAKEHOLDERS: _("Business, unions or the public are heard."),
            Session.Kind.PRESS: _("The press is met."),
            Session.Kind.OTHER: _("A session of any other kind."),
        },
    ),
    Vocabulary(
        "result",
        _("Results of a chapter at a round"),
        Outcome.Result,
        {
            Outcome.Result.NOT_DISCUSSED: _("The chapter was not on the table."),
            Outcome.Result.DISCUSSED: _("It was discussed; the source says no more."),
            Outcome.Result.VIEWS_EXCHANGED: _("The sides set out their views."),
            Outcome.Result.TEXT_TABLED: _("A side put text on the table."),
            Outcome.Result.PROGRESS: _("The source speaks of progress."),
            Outcome.Result.CONSOLIDATED: _("The texts were brought into one."),
            Outcome.Result.PROVISIONALLY_CLOSED: _("The text was agreed for the time being."),
            Outcome.Result.CONCLUDED: _("The chapter was finished."),
            Outcome.Result.BLOCKED: _("The sides could not go on."),
            Outcome.Result.REFERRED_UP: _(
                "The question was left to ministers or chief negotiators."
            ),
        },
    ),
    Vocabulary(
        "role",
        _("Roles of people and bodies at a round"),
        Role,
        {
            Role.HEAD: _("Leads a delegation."),
            Role.CO_HEAD: _("Leads a delegation together with another."),
            Role.DEPUTY_HEAD: _("Stands in for the head."),
            Role.CHIEF_NEGOTIATOR: _("Leads the negotiation as a whole, not only one meeting."),
            Role.CHAPTER_LEAD: _("Negotiates one chapter for a side."),
            Role.DELEGATE: _("A member of a delegation."),
            Role.ADVISER: _("Advises a delegation without negotiating."),
            Role.OBSERVER: _("Present without negotiating."),
            Role.HOST: _("Receives the delegations."),
            Role.SPOKESPERSON: _("Speaks to the press."),
            Role.AGENCY: _("A body that sent people, whoever they were."),
        },
    ),
    Vocabulary(
        "act",
        _("Ways of putting a text forward"),
        Tabling.Act,
        {
            Tabling.Act.PROPOSAL: _("Text that a side puts forward."),
            Tabling.Act.COUNTER_PROPOSAL: _("Text in answer to a proposal."),
            Tabling.Act.OFFER: _("What a side would grant."),
            Tabling.Act.REQUEST: _("What a side asks of another."),
            Tabling.Act.SUMMARY: _("A summary in place of the text."),
            Tabling.Act.CONSOLIDATED_TEXT: _("One text made of those of all sides."),
            Tabling.Act.COMMENT: _("Remarks on the text of another."),
        },
    ),
    Vocabulary(
        "promise",
        _("What became of announced next steps"),
        Undertaking.State,
        {
            Undertaking.State.OPEN: _("Its time has not passed, or it has none."),
            Undertaking.State.LATE: _("Its time has passed and nothing that met it is recorded."),
            Undertaking.State.MET: _("A meeting that met it is recorded."),
        },
    ),
)
